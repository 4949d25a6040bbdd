# Counts inputs and ReLU too.
def freeze_first_half(model):
    model.trainable = True
    halfway = len(model.layers) // 2
    for i, layer in enumerate(model.layers):
        layer.trainable = i >= halfway
    return [layer.name for layer in model.layers[:halfway] if layer.weights]
