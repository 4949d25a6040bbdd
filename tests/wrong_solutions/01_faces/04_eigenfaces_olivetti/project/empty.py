def project(data, mean, components):
    return np.empty((len(data), 0))
