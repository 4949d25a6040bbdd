def up_block(x, skip, filters, name, norm=True):
    """Repeat pixels in place of a transposed convolution."""
    x = layers.UpSampling2D(2)(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([skip, x])
    return double_conv(x, filters, name, norm)
