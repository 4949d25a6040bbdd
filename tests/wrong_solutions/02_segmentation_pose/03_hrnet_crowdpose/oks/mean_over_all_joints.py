def oks(predicted, truth, area, sigmas):
    marked = truth[:, 2] > 0
    square = ((predicted - truth[:, :2]) ** 2).sum(axis=1)
    similar = np.exp(-square / (2 * area * (2 * sigmas) ** 2))
    return float((similar * marked).sum() / len(truth))
