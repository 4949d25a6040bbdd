def conv_output_shape(shape, filters, kernel, stride=1, padding="valid"):
    """Width before height."""
    height, width, _ = shape
    if padding == "same":
        return -(-width // stride), -(-height // stride), filters
    return (width - kernel) // stride + 1, (height - kernel) // stride + 1, filters
