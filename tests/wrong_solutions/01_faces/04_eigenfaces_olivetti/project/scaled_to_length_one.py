def project(data, mean, components):
    return (
        (data - mean)
        @ components.T
        / np.maximum(np.linalg.norm(data - mean, axis=1, keepdims=True), 1e-9)
    )
