def triplet_loss(anchor, positive, negative, margin):
    return np.zeros(0)
