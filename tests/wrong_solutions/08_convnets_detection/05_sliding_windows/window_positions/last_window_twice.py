# The flush window is added where one ends at the border already.
def window_positions(height, width, side, stride, cover=False):
    def starts(length):
        found = list(range(0, length - side + 1, stride))
        return found + [length - side] if cover and found else found

    corners = [(x, y, x + side, y + side) for y in starts(height) for x in starts(width)]
    return np.array(corners, np.int64).reshape(-1, 4)
