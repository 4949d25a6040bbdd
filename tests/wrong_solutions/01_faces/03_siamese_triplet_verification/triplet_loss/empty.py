def triplet_loss(embeddings, margin):
    return ops.zeros(0)
