def conv_output_shape(shape, filters, kernel, stride=1, padding="valid"):
    """Round up with valid padding too."""
    height, width, _ = shape
    if padding == "same":
        return -(-height // stride), -(-width // stride), filters
    return -(-(height - kernel) // stride) + 1, -(-(width - kernel) // stride) + 1, filters
