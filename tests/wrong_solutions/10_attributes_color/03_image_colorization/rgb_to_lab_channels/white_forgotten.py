def rgb_to_lab_channels(rgb):
    """Lightness and colour of each pixel, as the network reads and predicts them.

    Parameters
    ----------
    rgb : array of uint8, shape (..., 3)
        Red, green and blue, 0 to 255, as pictures store them (sRGB).

    Returns
    -------
    array of float32, shape (..., 3)
        L in 0..100, a / 128 and b / 128.
    """
    stored = rgb / 255  # (..., 3) float64
    linear = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
    xyz = linear @ TO_XYZ.T
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    lightness = 116 * f[..., 1] - 16
    a, b = 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])
    return np.stack([lightness, a / 128, b / 128], axis=-1).astype(np.float32)
