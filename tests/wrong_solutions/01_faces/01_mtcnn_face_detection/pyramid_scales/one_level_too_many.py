def pyramid_scales(height, width, min_size, factor):
    scales = [12 / min_size]
    while min(height, width) * scales[-1] >= 12:
        scales.append(scales[-1] * factor)
    return np.array(scales, dtype=np.float64)
