def receptive_field(layers_):
    size, jump = 1, 1
    for kernel, stride, rate in layers_:
        size += rate * (kernel - 1) * jump
        jump += stride - 1
    return size, jump
