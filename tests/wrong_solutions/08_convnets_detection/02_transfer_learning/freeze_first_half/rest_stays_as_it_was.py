# Leaves the second half as it was before.
def freeze_first_half(model):
    with_weights = [layer for layer in model.layers if layer.weights]
    first = with_weights[: len(with_weights) // 2]
    for layer in first:
        layer.trainable = False
    return [layer.name for layer in first]
