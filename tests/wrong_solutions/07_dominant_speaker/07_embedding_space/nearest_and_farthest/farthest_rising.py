import numpy as np


def nearest_and_farthest(vectors, centre, count):
    distances = np.linalg.norm(vectors - vectors[centre], axis=1)
    others = np.flatnonzero(np.arange(len(vectors)) != centre)
    order = others[np.argsort(distances[others], kind="stable")]
    return order[:count], order[len(order) - min(count, len(order)) :]
