def triplet_loss(anchor, positive, negative, margin):
    d_ap = ((anchor - positive) ** 2).sum(axis=0)
    d_an = ((anchor - negative) ** 2).sum(axis=0)
    return np.maximum(0.0, d_ap - d_an + margin)
