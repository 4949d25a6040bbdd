# Freezes half of the parameters and not of the layers.
def freeze_first_half(model):
    model.trainable = True
    total, seen, names = model.count_params(), 0, []
    for layer in [layer for layer in model.layers if layer.weights]:
        seen += layer.count_params()
        layer.trainable = seen > total / 2
        names += [] if layer.trainable else [layer.name]
    return names
