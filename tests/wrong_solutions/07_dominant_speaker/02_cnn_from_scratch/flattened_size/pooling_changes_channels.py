def flattened_size(shape, steps):
    *sides, channels = shape
    for _, filters, kernel, stride, padding in steps:
        for axis in (0, 1):
            room = sides[axis] - (kernel if padding == "valid" else 1)
            sides[axis] = room // stride + 1 if room >= 0 else 0
        channels = filters or channels
    return sides[0] * sides[1] * channels
