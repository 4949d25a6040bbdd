from keras import layers


# Rectifies before it normalises.
def inception_block(h, branches, name):
    ends = []
    for steps in branches:
        end = h
        for step in steps:
            if step == "pool":
                end = layers.AveragePooling2D(3, strides=1, padding="same")(end)
                continue
            height, width, filters = step
            end = layers.Conv2D(filters, (height, width), padding="same", use_bias=False)(end)
            end = layers.ReLU()(end)
            end = layers.BatchNormalization(scale=False, momentum=0.9)(end)
        ends.append(end)
    return layers.Concatenate(name=name)(ends)
