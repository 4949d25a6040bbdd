# The sum of all layers.
def multiply_adds(height, width, layers, channels=3):
    total = 0
    for kind, kernel, out in layers:
        if kind == "pool":
            height, width = height // kernel, width // kernel
        else:
            height, width = max(height - kernel + 1, 0), max(width - kernel + 1, 0)
            total += height * width * kernel * kernel * channels * out
            channels = out
    return np.array([total], np.int64)
