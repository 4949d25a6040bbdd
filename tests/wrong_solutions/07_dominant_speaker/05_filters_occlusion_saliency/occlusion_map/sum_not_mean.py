import numpy as np


def occlusion_map(probabilities, corners, window, shape):
    total, count = np.zeros(shape), np.zeros(shape)
    for value, (row, column) in zip(probabilities, corners, strict=True):
        rows = slice(max(row, 0), max(row + window, 0))
        columns = slice(max(column, 0), max(column + window, 0))
        total[rows, columns] += value
        count[rows, columns] += 1
    return np.where(count > 0, total, np.nan)
