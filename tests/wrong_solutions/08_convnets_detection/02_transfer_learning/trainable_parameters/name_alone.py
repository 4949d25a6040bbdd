# Freezes only a layer of exactly that name, not what lies inside of it.
def trainable_parameters(layers, frozen):
    total = 0
    for name, kind, kernel, inputs, outputs in layers:
        if name in frozen:
            continue
        if kind == "conv":
            total += kernel * kernel * inputs * outputs
        elif kind == "dense":
            total += inputs * outputs + outputs
        else:
            total += 2 * outputs
    return total
