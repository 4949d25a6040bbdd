import numpy as np


def nearest_and_farthest(vectors, centre, count):
    distances = np.linalg.norm(vectors - vectors[centre], axis=1)
    others = np.flatnonzero(distances > 0)
    near = others[np.argsort(distances[others], kind="stable")]
    far = others[np.argsort(-distances[others], kind="stable")]
    return near[:count], far[:count]
