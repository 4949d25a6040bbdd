def gaussian_heatmap(points, size, spread=0.5):
    points = np.asarray(points, float).reshape(-1, 2)
    x, y = np.arange(size[1]), np.arange(size[0])
    across = (x - points[:, 1:]) ** 2
    down = (y - points[:, :1]) ** 2
    squares = down[:, :, np.newaxis] + across[:, np.newaxis, :]
    return np.exp(-squares / (2 * spread**2)).astype(np.float32)
