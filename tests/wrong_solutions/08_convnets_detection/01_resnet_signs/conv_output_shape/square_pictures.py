def conv_output_shape(shape, filters, kernel, stride=1, padding="valid"):
    """The height for both sides."""
    height, _, _ = shape
    side = -(-height // stride) if padding == "same" else (height - kernel) // stride + 1
    return side, side, filters
