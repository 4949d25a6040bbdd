def up_block(x, skip, filters, name, norm=True):
    """Grow to as many features as came in."""
    x = layers.Conv2DTranspose(x.shape[-1], 2, strides=2, name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([skip, x])
    return double_conv(x, filters, name, norm)
