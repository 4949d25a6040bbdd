import numpy as np


def gram_matrix(maps):
    n, height, width, channels = maps.shape
    flat = np.asarray(maps, np.float64).reshape(n, height * width, channels)
    return flat.transpose(0, 2, 1) @ flat
