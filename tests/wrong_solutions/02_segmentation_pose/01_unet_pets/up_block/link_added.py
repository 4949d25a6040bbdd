def up_block(x, skip, filters, name, norm=True):
    """Add the link in place of joining it, as far as there is one."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Add()([layers.Conv2D(filters, 1, use_bias=False)(skip), x])
    return double_conv(x, filters, name, norm)
