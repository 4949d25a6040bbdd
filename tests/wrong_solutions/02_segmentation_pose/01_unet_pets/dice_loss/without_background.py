def dice_loss(truth, logits):
    """Leave the background out."""
    p, t = ops.softmax(logits)[..., 1:], ops.one_hot(truth, logits.shape[-1])[..., 1:]
    common, areas = ops.sum(p * t, axis=(1, 2)), ops.sum(p + t, axis=(1, 2))
    return 1 - ops.mean((2 * common + 1) / (areas + 1))
