def up_block(x, skip, filters, name, norm=True):
    """Convolve without normalisation, whatever is asked for."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([skip, x])
    return double_conv(x, filters, name, norm=False)
