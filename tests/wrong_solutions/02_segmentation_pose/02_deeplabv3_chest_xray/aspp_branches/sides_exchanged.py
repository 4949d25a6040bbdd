def aspp_branches(x, filters, rates, normalise_pooled=False):
    branches = [convolution(x, filters, 1)]
    branches += [convolution(x, filters, 3, rate=rate) for rate in rates]
    pooled = layers.GlobalAveragePooling2D(keepdims=True)(x)
    if normalise_pooled:
        pooled = convolution(pooled, filters, 1)
    else:
        pooled = layers.Conv2D(filters, 1, activation="relu")(pooled)
    return [*branches, layers.UpSampling2D(x.shape[2:0:-1])(pooled)]
