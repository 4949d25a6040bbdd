def tag_loss(tags, known):
    gap = ops.mean(tags[0, 1]) - ops.mean(tags[0, 0])
    spread = tags - ops.mean(tags, axis=-1, keepdims=True)
    return ops.mean(spread**2), ops.exp(-(gap**2))
