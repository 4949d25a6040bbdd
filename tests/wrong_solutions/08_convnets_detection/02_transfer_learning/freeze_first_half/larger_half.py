# Of an odd number the larger half.
def freeze_first_half(model):
    model.trainable = True
    with_weights = [layer for layer in model.layers if layer.weights]
    halfway = (len(with_weights) + 1) // 2
    for i, layer in enumerate(with_weights):
        layer.trainable = i >= halfway
    return [layer.name for layer in with_weights[:halfway]]
