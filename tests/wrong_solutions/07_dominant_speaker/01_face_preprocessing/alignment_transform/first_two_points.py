def alignment_transform(points, places):
    (z, z2), (w, w2) = ((p[:2] @ np.array([1, 1j])) for p in (points, places))
    turn = (w2 - w) / (z2 - z)
    shift = w - turn * z
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
