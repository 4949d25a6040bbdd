def oks(predicted, truth, area, sigmas):
    marked = truth[:, 2] == 2
    if not marked.any():
        return 0.0
    square = ((predicted - truth[:, :2]) ** 2).sum(axis=1)
    return float(np.exp(-square / (2 * area * (2 * sigmas) ** 2))[marked].mean())
