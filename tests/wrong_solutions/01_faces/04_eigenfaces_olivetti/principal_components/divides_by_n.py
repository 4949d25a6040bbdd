def principal_components(data, n_components):
    n = len(data)
    mean = data.mean(axis=0)
    centred = data - mean
    _, values, rows = np.linalg.svd(centred, full_matrices=False)
    components = rows[:n_components]
    largest = np.abs(components).argmax(axis=1)
    signs = np.sign(components[np.arange(n_components), largest])
    return mean, components * signs[:, None], values[:n_components] ** 2 / n
