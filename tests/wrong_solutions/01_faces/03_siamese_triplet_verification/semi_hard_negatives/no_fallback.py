def semi_hard_negatives(distances, labels, pairs):
    anchor, positive = pairs[:, 0], pairs[:, 1]
    from_anchor = distances[anchor]
    negative = labels[anchor][:, None] != labels[None, :]
    farther = negative & (from_anchor > distances[anchor, positive][:, None])
    nearest_farther = np.where(farther, from_anchor, np.inf).argmin(axis=1)
    return nearest_farther
