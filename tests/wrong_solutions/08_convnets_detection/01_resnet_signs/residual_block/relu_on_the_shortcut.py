from keras import layers


def residual_block(x, filters, stride=1, project=False, name="block"):
    """The shortcut loses its negative part."""
    shortcut = x
    for i, (kernel, step) in enumerate(((1, stride), (3, 1), (1, 1)), start=1):
        options = dict(strides=step, padding="same", name=f"{name}_conv{i}")
        x = layers.Conv2D(filters[i - 1], kernel, **options)(x)
        x = layers.BatchNormalization(name=f"{name}_bn{i}")(x)
        if i < 3:
            x = layers.ReLU()(x)
    if project:
        options = dict(strides=stride, name=f"{name}_conv0")
        shortcut = layers.Conv2D(filters[2], 1, **options)(shortcut)
        shortcut = layers.BatchNormalization(name=f"{name}_bn0")(shortcut)
    return layers.ReLU()(layers.Add()([x, layers.ReLU()(shortcut)]))
