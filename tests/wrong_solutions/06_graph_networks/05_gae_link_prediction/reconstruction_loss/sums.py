def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    return float(np.logaddexp(0, -positive).sum() + np.logaddexp(0, negative).sum())
