import numpy as np


def nearest_and_farthest(vectors, centre, count):
    distances = np.linalg.norm(vectors - vectors[centre], axis=1)
    order = np.argsort(distances, kind="stable")[1:]
    return order[:count], order[::-1][:count]
