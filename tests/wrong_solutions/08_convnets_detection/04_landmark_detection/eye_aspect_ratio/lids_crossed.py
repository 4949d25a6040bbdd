def eye_aspect_ratio(eyes):
    p = np.asarray(eyes, float)
    high = np.linalg.norm(p[:, [1, 2]] - p[:, [4, 5]], axis=2).sum(axis=1)
    return high / (2 * np.linalg.norm(p[:, 0] - p[:, 3], axis=1))
