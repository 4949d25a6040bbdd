# Every layer is taken to see the picture's channels.
def multiply_adds(height, width, layers, channels=3):
    costs = []
    for kind, kernel, out in layers:
        if kind == "pool":
            height, width = height // kernel, width // kernel
            costs.append(0)
        else:
            height, width = max(height - kernel + 1, 0), max(width - kernel + 1, 0)
            costs.append(height * width * kernel * kernel * channels * out)
    return np.array(costs, np.int64)
