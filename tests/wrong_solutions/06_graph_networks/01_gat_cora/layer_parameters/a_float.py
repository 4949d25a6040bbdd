def layer_parameters(n_inputs, units, heads, concat):
    return float(
        n_inputs * units * heads + 2 * units * heads + (units * heads if concat else units)
    )
