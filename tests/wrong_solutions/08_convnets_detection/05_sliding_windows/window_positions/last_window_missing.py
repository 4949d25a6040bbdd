# The window that ends at the border is lost.
def window_positions(height, width, side, stride, cover=False):
    def starts(length):
        found = list(range(0, length - side, stride))
        if cover and length >= side:
            found.append(length - side)
        return found

    corners = [(x, y, x + side, y + side) for y in starts(height) for x in starts(width)]
    return np.array(corners, np.int64).reshape(-1, 4)
