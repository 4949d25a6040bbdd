def up_block(x, skip, filters, name, norm=True):
    """Let no gradient through the link."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([ops.stop_gradient(skip), x])
    return double_conv(x, filters, name, norm)
