# Freezes layer10 with layer1: compares letters and not parts of the name.
def trainable_parameters(layers, frozen):
    total = 0
    for name, kind, kernel, inputs, outputs in layers:
        if any(name.startswith(one) for one in frozen):
            continue
        if kind == "conv":
            total += kernel * kernel * inputs * outputs
        elif kind == "dense":
            total += inputs * outputs + outputs
        else:
            total += 2 * outputs
    return total
