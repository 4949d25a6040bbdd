def alignment_transform(points, places):
    z, w = points @ np.array([1, 1j]), places @ np.array([1, 1j])
    turn = np.vdot(z - z.mean(), w - w.mean())
    turn = turn / abs(turn) * w.std() / z.std()
    shift = w.mean() - turn * z.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
