def radial_spectrum(grey: np.ndarray, rings: int = 32) -> np.ndarray:
    grey = np.asarray(grey, np.float64)
    power = np.abs(np.fft.fft2(grey - grey.mean())) ** 2
    far = np.hypot(np.fft.fftfreq(grey.shape[0])[:, None], np.fft.fftfreq(grey.shape[1])[None])
    ring = (far / 0.5 * rings).astype(int).ravel()
    total = np.bincount(ring, power.ravel(), minlength=rings)[:rings]
    return total / np.maximum(np.bincount(ring, minlength=rings)[:rings], 1)
