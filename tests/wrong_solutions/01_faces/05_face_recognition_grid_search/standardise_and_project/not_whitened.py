def standardise_and_project(pictures, mean, components, variances):
    centred = np.asarray(pictures, np.float64) - mean
    coordinates = centred @ np.asarray(components, np.float64).T
    return coordinates
