def conv_output_shape(shape, filters, kernel, stride=1, padding="valid"):
    """The channels of the input, not the filters."""
    height, width, channels = shape
    if padding == "same":
        return -(-height // stride), -(-width // stride), channels
    return (height - kernel) // stride + 1, (width - kernel) // stride + 1, channels
