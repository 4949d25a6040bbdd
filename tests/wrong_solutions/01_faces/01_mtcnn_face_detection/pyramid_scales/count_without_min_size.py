def pyramid_scales(height, width, min_size, factor):
    # the formula of mtcnn 1.0.0: right for 20 pixels and 0.709 alone
    levels = max(0, round(-((np.log(min(height, width) / 12) / np.log(factor)) + 1)))
    return 12 / min_size * factor ** np.arange(levels)
