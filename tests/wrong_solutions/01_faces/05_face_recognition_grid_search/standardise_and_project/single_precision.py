def standardise_and_project(pictures, mean, components, variances):
    centred = np.asarray(pictures, np.float64) - mean
    coordinates = centred @ np.asarray(components, np.float64).T
    spread = np.sqrt(np.asarray(variances, np.float64))
    white = np.divide(coordinates, spread, out=np.zeros_like(coordinates), where=spread > 0)
    return white.astype(np.float32)
