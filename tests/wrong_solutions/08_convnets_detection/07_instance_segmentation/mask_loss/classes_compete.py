def mask_loss(logits, truth, classes, positive):
    chosen = ops.one_hot(classes, logits.shape[-1])
    shares = ops.log_softmax(logits, axis=-1)
    asked = ops.sum(shares * chosen[:, None, None], axis=-1)
    each = ops.mean(-truth * asked, axis=(1, 2))
    return ops.sum(each * positive) / ops.maximum(ops.sum(positive), 1.0)
