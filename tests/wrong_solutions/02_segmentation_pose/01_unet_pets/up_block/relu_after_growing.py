def up_block(x, skip, filters, name, norm=True):
    """Put a ReLU after the transposed convolution."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, activation="relu", name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([skip, x])
    return double_conv(x, filters, name, norm)
