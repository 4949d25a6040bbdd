import numpy as np


def occlusion_map(probabilities, corners, window, shape):
    found = np.full(shape, np.nan)
    for value, (row, column) in zip(probabilities, corners, strict=True):
        rows = slice(max(row, 0), max(row + window, 0))
        found[rows, max(column, 0) : max(column + window, 0)] = value
    return found
