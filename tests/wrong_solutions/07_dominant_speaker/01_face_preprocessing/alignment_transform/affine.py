def alignment_transform(points, places):
    left_side = np.column_stack([points, np.ones(len(points))])
    solved, *_ = np.linalg.lstsq(left_side, np.asarray(places, float))
    return solved.T
