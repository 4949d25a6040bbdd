def separable_conv_parameters(size: int, inputs: int, outputs: int, bias: bool = False) -> int:
    return size**2 * inputs * outputs + (outputs if bias else 0)
