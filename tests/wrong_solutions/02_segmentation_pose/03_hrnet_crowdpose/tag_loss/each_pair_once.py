def tag_loss(tags, known):
    count = ops.sum(known, axis=-1)
    there = ops.cast(count > 0, "float32")
    people = ops.sum(there, axis=-1)
    mean = ops.sum(tags * known, axis=-1) / ops.maximum(count, 1)
    square = known * (tags - mean[..., None]) ** 2
    spread = ops.sum(square, axis=-1) / ops.maximum(count, 1)
    pull = ops.sum(spread, axis=-1) / ops.maximum(people, 1)
    gap = mean[:, :, None] - mean[:, None]
    pairs = there[:, :, None] * there[:, None] * (1 - ops.eye(tags.shape[1]))
    push = ops.sum(pairs * ops.exp(-(gap**2)), axis=(1, 2))
    return ops.mean(pull), ops.mean(push / ops.maximum(people * (people - 1) / 2, 1))
