def mask_loss(logits, truth, classes, positive):
    chosen = ops.one_hot(classes, logits.shape[-1])
    asked = ops.sum(logits * chosen[:, None, None], axis=-1)
    each = ops.mean(ops.softplus(asked) - truth * asked, axis=(1, 2))
    return ops.mean(each * positive)
