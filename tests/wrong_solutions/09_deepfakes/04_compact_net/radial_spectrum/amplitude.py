def radial_spectrum(grey: np.ndarray, rings: int = 32) -> np.ndarray:
    grey = np.asarray(grey, np.float64)
    power = np.abs(np.fft.fft2(grey - grey.mean()))
    far = np.hypot(np.fft.fftfreq(grey.shape[0])[:, None], np.fft.fftfreq(grey.shape[1])[None])
    ring = np.minimum((far / 0.5 * rings).astype(int), rings - 1).ravel()
    total = np.bincount(ring, power.ravel(), minlength=rings)
    return total / np.maximum(np.bincount(ring, minlength=rings), 1)
