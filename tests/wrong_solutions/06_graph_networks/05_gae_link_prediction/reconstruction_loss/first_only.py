def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    return float(np.logaddexp(0, -positive[0]) + np.logaddexp(0, negative[0]))
