def dice_loss(truth, logits):
    """Let no gradient through the denominator."""
    p, t = ops.softmax(logits), ops.one_hot(truth, logits.shape[-1])
    common, areas = ops.sum(p * t, axis=(1, 2)), ops.sum(p + t, axis=(1, 2))
    return 1 - ops.mean((2 * common + 1) / ops.stop_gradient(areas + 1))
