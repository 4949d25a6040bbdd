def principal_components(data, n_components):
    n = len(data)
    mean = data.mean(axis=0)
    centred = data - mean
    variances, small = np.linalg.eigh(centred @ centred.T / (n - 1))
    vectors = centred.T @ small[:, ::-1][:, :n_components]
    components = (vectors / np.linalg.norm(vectors, axis=0)).T
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(n_components), largest])
    return mean, components * signs[:, None], variances[::-1][:n_components]
