def annealed_mean(probabilities, centres, temperature):
    """Colours chosen from distributions over bins.

    Parameters
    ----------
    probabilities : array of float, shape (n, k)
        Each row is not negative and adds up to 1; some may be 0.
    centres : array of float, shape (k, 2)
        a and b of each bin's middle.
    temperature : float
        Above 0: 1 gives the mean, near 0 the mode (of several equal modes their mean).

    Returns
    -------
    array of float64, shape (n, 2)
        a and b of each row.
    """
    p = np.asarray(probabilities, np.float64)
    sharp = (p / p.max(axis=1, keepdims=True)) ** temperature  # the largest is 1
    return sharp / sharp.sum(axis=1, keepdims=True) @ np.asarray(centres, np.float64)
