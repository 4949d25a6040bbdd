def joint_heatmap(size, x, y, sigma):
    height, width = size
    if not (-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5):
        return np.zeros((height, width), np.float32)
    across, down = np.arange(width) - x, (np.arange(height) - y)[:, None]
    return np.exp(-(across**2 + down**2) / (2 * sigma**2)).astype(np.float32)
