def semi_hard_negatives(distances, labels, pairs):
    anchor = pairs[:, 0]
    from_anchor = distances[anchor]
    negative = labels[anchor][:, None] != labels[None, :]
    return np.where(negative, from_anchor, np.inf).argmin(axis=1)
