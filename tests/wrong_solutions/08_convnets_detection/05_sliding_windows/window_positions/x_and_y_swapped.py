# y before x.
def window_positions(height, width, side, stride, cover=False):
    def starts(length):
        found = list(range(0, length - side + 1, stride))
        if cover and found and found[-1] + side < length:
            found.append(length - side)
        return found

    corners = [(y, x, y + side, x + side) for y in starts(height) for x in starts(width)]
    return np.array(corners, np.int64).reshape(-1, 4)
