def flattened_size(shape, steps):
    *sides, channels = shape
    for kind, filters, kernel, stride, padding in steps:
        for axis in (0, 1):
            room = sides[axis] - (kernel if padding == "valid" else 1)
            sides[axis] = room // stride + 1
        channels = filters if kind == "conv" else channels
    return sides[0] * sides[1] * channels
