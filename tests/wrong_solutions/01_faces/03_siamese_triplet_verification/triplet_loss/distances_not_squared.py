def triplet_loss(anchor, positive, negative, margin):
    d_ap = ((anchor - positive) ** 2).sum(axis=1)
    d_an = ((anchor - negative) ** 2).sum(axis=1)
    return np.maximum(0.0, np.sqrt(d_ap) - np.sqrt(d_an) + margin)
