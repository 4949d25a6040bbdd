def triplet_loss(embeddings, margin):
    a, p, n = embeddings[:, 0], embeddings[:, 1], embeddings[:, 2]
    d_ap = ops.sum(ops.square(a - p), axis=1)
    d_an = ops.sum(ops.square(a - n), axis=1)
    return ops.softplus(d_ap - d_an + margin)
