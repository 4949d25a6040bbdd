def project(data, mean, components):
    return components @ (data - mean).T
