def principal_components(data, n_components):
    n = len(data)
    mean = data.mean(axis=0)
    centred = data - mean
    variances, vectors = np.linalg.eigh(centred.T @ centred / (n - 1))
    components = vectors[:, ::-1][:, :n_components].T
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(n_components), largest])
    return mean, components * signs[:, None], variances[::-1][:n_components]
