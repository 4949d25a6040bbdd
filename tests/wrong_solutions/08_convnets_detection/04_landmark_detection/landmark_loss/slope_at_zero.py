def landmark_loss(truth, answer, weight=10.0):
    k = (answer.shape[1] - 1) // 2
    face, logit = truth[:, 0], answer[:, 0]
    there = ops.softplus(logit) - face * logit
    off = ops.reshape(answer[:, 1:] - truth[:, 1 : 1 + 2 * k], (-1, k, 2))
    distance = ops.sqrt(ops.sum(off**2, axis=2))
    seen = truth[:, 1 + 2 * k :]
    mean = ops.sum(seen * distance, axis=1) / ops.maximum(ops.sum(seen, axis=1), 1.0)
    return there + weight * face * mean
