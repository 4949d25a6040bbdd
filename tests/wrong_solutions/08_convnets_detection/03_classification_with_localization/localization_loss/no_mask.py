def localization_loss(labels, outputs, box_weight=1.0):
    there = labels[:, 0]
    found = ops.softplus(outputs[:, 0]) - there * outputs[:, 0]
    box = ops.sum(ops.square(outputs[:, 1:5] - labels[:, 1:5]), axis=1)
    kind = -ops.sum(labels[:, 5:] * ops.log_softmax(outputs[:, 5:], axis=-1), axis=1)
    return found + box_weight * box + kind
