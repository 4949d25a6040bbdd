def layer_parameters(n_inputs, units, heads, concat):
    return n_inputs * units * heads + 2 * units + (units * heads if concat else units)
