def oks(predicted, truth, area, sigmas):
    square = ((predicted - truth[:, :2]) ** 2).sum(axis=1)
    return float(np.exp(-square / (2 * area * (2 * sigmas) ** 2)).mean())
