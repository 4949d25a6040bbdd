def project(data, mean, components):
    return ((data - mean) @ components.T)[:, :, None]
