import numpy as np


def total_variation(pictures, beta):
    x = np.asarray(pictures, np.float64)
    squares = np.zeros_like(x)
    squares[:, :-1] += (x[:, 1:] - x[:, :-1]) ** 2
    squares[:, :, :-1] += (x[:, :, 1:] - x[:, :, :-1]) ** 2
    return np.sum(squares.sum(axis=3) ** (beta / 2), axis=(1, 2))
