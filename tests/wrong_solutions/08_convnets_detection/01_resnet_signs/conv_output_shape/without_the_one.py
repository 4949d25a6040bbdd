def conv_output_shape(shape, filters, kernel, stride=1, padding="valid"):
    """The first window is not counted."""
    height, width, _ = shape
    if padding == "same":
        return -(-height // stride), -(-width // stride), filters
    return (height - kernel) // stride, (width - kernel) // stride, filters
