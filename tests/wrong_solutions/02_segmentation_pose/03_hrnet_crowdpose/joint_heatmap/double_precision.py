def joint_heatmap(size, x, y, sigma):
    height, width = size
    if not (-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5):
        return np.zeros((height, width))
    across, down = np.arange(width) - x, (np.arange(height) - y)[:, None]
    bell = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    near = (np.abs(across) <= 3 * sigma) & (np.abs(down) <= 3 * sigma)
    return np.where(near, bell, 0)
