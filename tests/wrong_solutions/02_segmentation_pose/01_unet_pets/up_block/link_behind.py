def up_block(x, skip, filters, name, norm=True):
    """Lay the link behind the grown map."""
    x = layers.Conv2DTranspose(filters, 2, strides=2, name=f"{name}_grow")(x)
    if skip is not None:
        x = layers.Concatenate(name=f"{name}_join")([x, skip])
    return double_conv(x, filters, name, norm)
