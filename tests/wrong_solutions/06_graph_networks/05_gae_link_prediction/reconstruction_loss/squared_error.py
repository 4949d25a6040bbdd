def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    clipped = np.clip(positive, -700, 700), np.clip(negative, -700, 700)
    p, q = (1 / (1 + np.exp(-s)) for s in clipped)
    return float(((1 - p) ** 2).mean() + (q**2).mean())
