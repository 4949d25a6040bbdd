# Counts the moving mean and variance of batch norm among the parameters.
def trainable_parameters(layers, frozen):
    total = 0
    for name, kind, kernel, inputs, outputs in layers:
        if any(name == one or name.startswith(f"{one}.") for one in frozen):
            continue
        if kind == "conv":
            total += kernel * kernel * inputs * outputs
        elif kind == "dense":
            total += inputs * outputs + outputs
        else:
            total += 4 * outputs
    return total
