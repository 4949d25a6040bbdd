def standardise_and_project(pictures, mean, components, variances):
    centred = np.asarray(pictures, np.float64) - mean
    coordinates = centred @ np.asarray(components, np.float64).T
    spread = np.sqrt(np.asarray(variances, np.float64))
    return np.divide(coordinates, spread, out=np.zeros_like(coordinates), where=spread > 0).T
