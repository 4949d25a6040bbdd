import numpy as np


def nearest_and_farthest(vectors, centre, count):
    distances = np.abs(vectors - vectors[centre]).sum(axis=1)
    others = np.flatnonzero(np.arange(len(vectors)) != centre)
    near = others[np.argsort(distances[others], kind="stable")]
    far = others[np.argsort(-distances[others], kind="stable")]
    return near[:count], far[:count]
