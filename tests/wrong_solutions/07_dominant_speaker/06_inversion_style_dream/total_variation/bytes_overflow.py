import numpy as np


def total_variation(pictures, beta):
    squares = np.zeros(pictures.shape)
    squares[:, :-1] += np.diff(pictures, axis=1) ** 2
    squares[:, :, :-1] += np.diff(pictures, axis=2) ** 2
    return np.sum(squares ** (beta / 2), axis=(1, 2, 3))
