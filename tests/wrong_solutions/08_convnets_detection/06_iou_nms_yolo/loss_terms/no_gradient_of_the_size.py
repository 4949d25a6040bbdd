# No gradient passes through the size.
def loss_terms(raw, target):
    owner = ops.cast(target[..., 4] == 1, "float32")
    empty = ops.cast(target[..., 4] == 0, "float32")
    middle = ops.sum((ops.sigmoid(raw[..., :2]) - target[..., :2]) ** 2, axis=-1)
    size = ops.sum((ops.stop_gradient(raw[..., 2:4]) - target[..., 2:4]) ** 2, axis=-1)
    kind = -ops.sum(target[..., 5:] * ops.log_softmax(raw[..., 5:], axis=-1), axis=-1)
    place, found = owner * (middle + size), owner * ops.softplus(-raw[..., 4])
    terms = (place, found, empty * ops.softplus(raw[..., 4]), owner * kind)
    return ops.stack([ops.sum(term) for term in terms]) / ops.cast(ops.shape(raw)[0], "float32")
