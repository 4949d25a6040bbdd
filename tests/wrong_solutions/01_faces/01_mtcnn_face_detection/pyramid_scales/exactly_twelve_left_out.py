def pyramid_scales(height, width, min_size, factor):
    scales = []
    scale = 12 / min_size
    while min(height, width) * scale > 12:
        scales.append(scale)
        scale = scale * factor
    return np.array(scales, dtype=np.float64)
