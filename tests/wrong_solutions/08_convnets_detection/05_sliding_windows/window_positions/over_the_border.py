# Windows that cover reach over the border.
def window_positions(height, width, side, stride, cover=False):
    rows, columns = range(0, height, stride), range(0, width, stride)
    if not cover:
        rows = [y for y in rows if y + side <= height]
        columns = [x for x in columns if x + side <= width]
    corners = [(x, y, x + side, y + side) for y in rows for x in columns]
    return np.array(corners, np.int64).reshape(-1, 4)
