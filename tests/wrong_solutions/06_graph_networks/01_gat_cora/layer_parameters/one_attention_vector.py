def layer_parameters(n_inputs, units, heads, concat):
    return n_inputs * units * heads + units * heads + (units * heads if concat else units)
