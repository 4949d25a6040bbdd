def joint_heatmap(size, x, y, sigma):
    height, width = size
    if np.isnan(x) or np.isnan(y):
        return np.zeros((height, width), np.float32)
    across, down = np.arange(width) - x, (np.arange(height) - y)[:, None]
    bell = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    near = (np.abs(across) <= 3 * sigma) & (np.abs(down) <= 3 * sigma)
    return np.where(near, bell, 0).astype(np.float32)
