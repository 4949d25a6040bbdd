def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    return float(np.maximum(0, -positive).mean() + np.maximum(0, negative).mean())
