# Names the right layers and freezes none.
def freeze_first_half(model):
    model.trainable = True
    with_weights = [layer for layer in model.layers if layer.weights]
    for layer in with_weights:
        layer.trainable = True
    return [layer.name for layer in with_weights[: len(with_weights) // 2]]
