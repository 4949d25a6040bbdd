def conv_output_shape(shape, filters, kernel, stride=1, padding="valid"):
    """As if every stride were 1."""
    height, width, _ = shape
    if padding == "same":
        return height, width, filters
    return height - kernel + 1, width - kernel + 1, filters
