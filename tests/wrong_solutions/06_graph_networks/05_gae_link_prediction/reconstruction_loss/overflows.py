def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    with np.errstate(over="ignore"):
        return float(np.log1p(np.exp(-positive)).mean() + np.log1p(np.exp(negative)).mean())
