import numpy as np


def pca_project(train, others, n_components):
    mean = train.mean(axis=0)
    s, vt = np.linalg.svd(train - mean, full_matrices=False)[1:]
    axes = vt[:n_components]
    share = s**2 / (s**2).sum()
    return (others - mean) @ -axes.T, share[:n_components]
