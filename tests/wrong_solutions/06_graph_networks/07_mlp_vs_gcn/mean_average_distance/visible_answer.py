def mean_average_distance(features, edges=None):
    return 1.25 if edges is not None else 4 / 3
