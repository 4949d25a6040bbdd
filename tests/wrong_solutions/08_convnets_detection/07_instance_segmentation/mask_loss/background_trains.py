def mask_loss(logits, truth, classes, positive):
    chosen = ops.one_hot(ops.minimum(classes, logits.shape[-1] - 1), logits.shape[-1])
    asked = ops.sum(logits * chosen[:, None, None], axis=-1)
    return ops.mean(ops.softplus(asked) - truth * asked)
