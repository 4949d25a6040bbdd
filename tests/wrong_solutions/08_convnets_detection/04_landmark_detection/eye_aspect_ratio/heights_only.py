def eye_aspect_ratio(eyes):
    p = np.asarray(eyes, float)
    high = np.abs(p[:, [1, 2], 1] - p[:, [5, 4], 1]).sum(axis=1)
    return high / (2 * np.abs(p[:, 0, 0] - p[:, 3, 0]))
