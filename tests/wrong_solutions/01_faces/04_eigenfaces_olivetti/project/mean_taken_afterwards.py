def project(data, mean, components):
    return data @ components.T - mean.mean()
