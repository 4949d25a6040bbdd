import numpy as np


def total_variation(pictures, beta):
    x = np.asarray(pictures, np.float64)
    down = x[:, 1:, :-1] - x[:, :-1, :-1]
    right = x[:, :-1, 1:] - x[:, :-1, :-1]
    return np.sum((down**2 + right**2) ** (beta / 2), axis=(1, 2, 3))
