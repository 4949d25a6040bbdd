def flattened_size(shape, steps):
    *sides, channels = shape
    for kind, filters, kernel, stride, _ in steps:
        for axis in (0, 1):
            room = sides[axis] - kernel
            sides[axis] = room // stride + 1 if room >= 0 else 0
        channels = filters if kind == "conv" else channels
    return sides[0] * sides[1] * channels
