def receptive_field(layers_):
    size, jump = 1, 1
    for kernel, stride, rate in layers_:
        jump *= stride
        size += rate * (kernel - 1) * jump
    return size, jump
