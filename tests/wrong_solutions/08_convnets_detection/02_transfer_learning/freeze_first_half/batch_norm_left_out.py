# Lets every batch norm be trained.
def freeze_first_half(model):
    model.trainable = True
    with_weights = [layer for layer in model.layers if layer.weights]
    halfway = len(with_weights) // 2
    names = []
    for i, layer in enumerate(with_weights):
        layer.trainable = i >= halfway or isinstance(layer, layers.BatchNormalization)
        names += [] if layer.trainable else [layer.name]
    return names
