def semi_hard_negatives(distances, labels, pairs):
    anchor, positive = pairs[:, 0], pairs[:, 1]
    from_anchor = distances[anchor]
    negative = labels[anchor][:, None] != labels[None, :]
    farther = negative & (from_anchor > distances[anchor, positive][:, None])
    nearest_farther = np.where(farther, from_anchor, np.inf).argmin(axis=1)
    farthest = np.where(negative, from_anchor, np.inf).argmin(axis=1)
    return np.where(farther.sum(axis=1) > 0, nearest_farther, farthest)
