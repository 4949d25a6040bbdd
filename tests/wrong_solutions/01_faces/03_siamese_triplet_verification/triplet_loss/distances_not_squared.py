def triplet_loss(embeddings, margin):
    a, p, n = embeddings[:, 0], embeddings[:, 1], embeddings[:, 2]
    d_ap = ops.sqrt(ops.sum(ops.square(a - p), axis=1) + 1e-12)
    d_an = ops.sqrt(ops.sum(ops.square(a - n), axis=1) + 1e-12)
    return ops.maximum(d_ap - d_an + margin, 0.0)
