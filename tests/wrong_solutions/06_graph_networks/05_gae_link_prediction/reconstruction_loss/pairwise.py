def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    k = min(len(positive), len(negative))
    both = np.logaddexp(0, -positive[:k]) + np.logaddexp(0, negative[:k])
    return float(both.mean())
