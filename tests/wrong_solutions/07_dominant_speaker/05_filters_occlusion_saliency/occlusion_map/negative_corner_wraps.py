import numpy as np


def occlusion_map(probabilities, corners, window, shape):
    total, count = np.zeros(shape), np.zeros(shape)
    for value, (row, column) in zip(probabilities, corners, strict=True):
        rows = slice(row, row + window)
        columns = slice(column, column + window)
        total[rows, columns] += value
        count[rows, columns] += 1
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
