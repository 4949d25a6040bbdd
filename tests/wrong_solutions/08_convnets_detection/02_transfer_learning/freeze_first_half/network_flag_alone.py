# Trusts that setting the network's flag reaches every layer, though it says so already.
def freeze_first_half(model):
    model.trainable = True
    with_weights = [layer for layer in model.layers if layer.weights]
    first = with_weights[: len(with_weights) // 2]
    for layer in first:
        layer.trainable = False
    return [layer.name for layer in first]
