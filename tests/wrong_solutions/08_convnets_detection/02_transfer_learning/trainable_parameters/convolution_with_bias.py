# Gives the convolutions a bias.
def trainable_parameters(layers, frozen):
    total = 0
    for name, kind, kernel, inputs, outputs in layers:
        if any(name == one or name.startswith(f"{one}.") for one in frozen):
            continue
        if kind == "norm":
            total += 2 * outputs
        else:
            total += kernel * kernel * inputs * outputs + outputs
    return total
