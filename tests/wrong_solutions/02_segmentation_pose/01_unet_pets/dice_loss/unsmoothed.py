def dice_loss(truth, logits):
    """Smooth by next to nothing."""
    p, t = ops.softmax(logits), ops.one_hot(truth, logits.shape[-1])
    common, areas = ops.sum(p * t, axis=(1, 2)), ops.sum(p + t, axis=(1, 2))
    return 1 - ops.mean((2 * common + 1e-7) / (areas + 1e-7))
