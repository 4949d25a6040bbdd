def alignment_transform(points, places):
    rows = [row for x, y in points for row in ([x, y, 1, 0], [y, -x, 0, 1])]
    (a, b, t_x, t_y), *_ = np.linalg.lstsq(np.array(rows, float), np.ravel(places).astype(float))
    return np.array([[a, b, t_x], [-b, a, t_y]])[:, [0, 1, 2]] * [[1, 1, 1], [-1, -1, 1]]
