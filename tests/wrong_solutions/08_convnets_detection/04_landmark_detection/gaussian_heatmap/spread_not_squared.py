def gaussian_heatmap(points, size, spread=0.5):
    points = np.asarray(points, float).reshape(-1, 2)
    x, y = np.arange(size[1]), np.arange(size[0])
    squares = ((y - points[:, 1:]) ** 2)[:, :, None] + ((x - points[:, :1]) ** 2)[:, None, :]
    return np.exp(-squares / (2 * spread)).astype(np.float32)
