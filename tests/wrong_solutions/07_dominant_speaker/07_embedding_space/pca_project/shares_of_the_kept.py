import numpy as np


def pca_project(train, others, n_components):
    mean = train.mean(axis=0)
    s, vt = np.linalg.svd(train - mean, full_matrices=False)[1:]
    axes = vt[:n_components]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    s = s[:n_components]
    share = s**2 / (s**2).sum()
    return (others - mean) @ (axes * signs[:, None]).T, share[:n_components]
