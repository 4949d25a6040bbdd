import numpy as np


def gram_matrix(maps):
    n, height, width, channels = maps.shape
    flat = np.asarray(maps, np.float64).reshape(n, height * width, channels).reshape(-1, channels)
    return (flat.T @ flat / (n * height * width))[None]
