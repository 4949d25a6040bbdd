# Two negative sides make a positive cost.
def multiply_adds(height, width, layers, channels=3):
    costs = []
    for kind, kernel, out in layers:
        if kind == "pool":
            height, width = height // kernel, width // kernel
            costs.append(0)
        else:
            height, width = height - kernel + 1, width - kernel + 1
            costs.append(height * width * kernel * kernel * channels * out)
            channels = out
    return np.array(costs, np.int64)
