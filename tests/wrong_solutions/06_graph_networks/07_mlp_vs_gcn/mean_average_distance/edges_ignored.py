def mean_average_distance(features, edges=None):
    lengths = np.linalg.norm(features.astype(np.float64), axis=1)
    units = features[lengths > 0] / lengths[lengths > 0, np.newaxis]
    m = len(units)
    total = (units.sum(axis=0) ** 2).sum() - m
    return float(1 - total / (m * (m - 1))) if m > 1 else 0.0
