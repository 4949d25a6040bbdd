def flattened_size(shape, steps):
    side, _, channels = shape
    for kind, filters, kernel, stride, padding in steps:
        room = side - (kernel if padding == "valid" else 1)
        side = room // stride + 1 if room >= 0 else 0
        channels = filters if kind == "conv" else channels
    return side * side * channels
