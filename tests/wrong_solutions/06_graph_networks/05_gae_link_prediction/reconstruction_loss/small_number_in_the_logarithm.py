def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    with np.errstate(over="ignore"):
        of_links = -np.log(1 / (1 + np.exp(-positive)) + 1e-15).mean()
        of_others = -np.log(1 - 1 / (1 + np.exp(-negative)) + 1e-15).mean()
    return float(of_links + of_others)
