def radial_spectrum(grey: np.ndarray, rings: int = 32) -> np.ndarray:
    grey = np.asarray(grey, np.float64)
    power = np.abs(np.fft.fft2(grey - grey.mean())) ** 2
    side = grey.shape[0]
    i, j = np.indices(grey.shape)
    far = np.hypot(np.minimum(i, side - i), np.minimum(j, side - j)) / side
    ring = np.minimum((far / 0.5 * rings).astype(int), rings - 1).ravel()
    total = np.bincount(ring, power.ravel(), minlength=rings)
    return total / np.maximum(np.bincount(ring, minlength=rings), 1)
