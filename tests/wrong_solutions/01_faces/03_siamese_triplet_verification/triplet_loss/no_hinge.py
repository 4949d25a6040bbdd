def triplet_loss(anchor, positive, negative, margin):
    d_ap = ((anchor - positive) ** 2).sum(axis=1)
    d_an = ((anchor - negative) ** 2).sum(axis=1)
    return d_ap - d_an + margin
