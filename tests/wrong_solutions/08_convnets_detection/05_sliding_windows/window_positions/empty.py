# No window at all.
def window_positions(height, width, side, stride, cover=False):
    return np.zeros((0, 4), np.int64)
