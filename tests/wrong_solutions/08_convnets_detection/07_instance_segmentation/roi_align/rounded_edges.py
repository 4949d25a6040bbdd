def roi_align(features, box, size, samples):
    height, width, channels = features.shape
    x1, y1, x2, y2 = np.round(box)
    steps = (np.arange(size * samples) + 0.5) / (size * samples)
    x = np.clip(x1 + (x2 - x1) * steps - 0.5, 0, width - 1)
    y = np.clip(y1 + (y2 - y1) * steps - 0.5, 0, height - 1)
    at_x = np.maximum(0, 1 - np.abs(x[:, None] - np.arange(width)))
    at_y = np.maximum(0, 1 - np.abs(y[:, None] - np.arange(height)))
    points = np.einsum("yh,hwc,xw->yxc", at_y, features, at_x)
    return points.reshape(size, samples, size, samples, channels).mean(axis=(1, 3))
