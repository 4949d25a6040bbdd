# A Sequential lists no input layer, and so this leaves out its first layer.
def dense_to_conv(model):
    picture = out = keras.Input((None, None, model.input_shape[-1]))
    size, weights = (1, 1), []
    for layer in model.layers[1:]:
        if isinstance(layer, layers.Flatten):
            size = layer.input.shape[1:3]  # rows and columns of the map that it flattens
            continue
        arrays = layer.get_weights()
        if isinstance(layer, layers.Dense):
            options = dict(activation=layer.activation, use_bias=layer.use_bias)
            arrays[0] = arrays[0].reshape(*size, -1, layer.units)
            layer, size = layers.Conv2D(layer.units, size, **options), (1, 1)
        else:
            layer = type(layer).from_config(layer.get_config())
        out = layer(out)
        weights += arrays
    converted = keras.Model(picture, out)
    converted.set_weights(weights)
    return converted
