# Freezes a layer when the frozen name is any part of its own.
def trainable_parameters(layers, frozen):
    total = 0
    for name, kind, kernel, inputs, outputs in layers:
        if any(one in name.split(".") or name.startswith(f"{one}.") for one in frozen):
            continue
        if kind == "conv":
            total += kernel * kernel * inputs * outputs
        elif kind == "dense":
            total += inputs * outputs + outputs
        else:
            total += 2 * outputs
    return total
