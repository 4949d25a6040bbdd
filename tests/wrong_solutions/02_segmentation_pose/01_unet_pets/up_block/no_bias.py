def up_block(x, skip, filters, name, norm=True):
    """Leave the bias of the transposed convolution out."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, use_bias=False, name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([skip, x])
    return double_conv(x, filters, name, norm)
