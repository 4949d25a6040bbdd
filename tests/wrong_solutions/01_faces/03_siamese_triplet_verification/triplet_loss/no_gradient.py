def triplet_loss(embeddings, margin):
    a, p, n = np.asarray(embeddings).transpose(1, 0, 2)
    return np.maximum(((a - p) ** 2).sum(axis=1) - ((a - n) ** 2).sum(axis=1) + margin, 0)
