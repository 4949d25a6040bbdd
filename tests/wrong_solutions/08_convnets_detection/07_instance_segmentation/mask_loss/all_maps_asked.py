def mask_loss(logits, truth, classes, positive):
    chosen = ops.one_hot(classes, logits.shape[-1])
    target = truth[..., None] * chosen[:, None, None]
    pixels = ops.softplus(logits) - target * logits
    each = ops.mean(ops.sum(pixels, axis=-1), axis=(1, 2))
    return ops.sum(each * positive) / ops.maximum(ops.sum(positive), 1.0)
