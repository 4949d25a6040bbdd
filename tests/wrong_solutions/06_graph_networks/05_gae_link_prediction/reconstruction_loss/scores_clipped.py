def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    positive, negative = np.clip(positive, -30, 30), np.clip(negative, -30, 30)
    return float(np.logaddexp(0, -positive).mean() + np.logaddexp(0, negative).mean())
