def localization_loss(labels, outputs, box_weight=1.0):
    there = labels[:, 0]
    p = ops.clip(ops.sigmoid(outputs[:, 0]), 1e-7, 1 - 1e-7)
    found = -(there * ops.log(p) + (1 - there) * ops.log(1 - p))
    box = ops.sum(ops.square(outputs[:, 1:5] - labels[:, 1:5]), axis=1)
    classes = ops.clip(ops.softmax(outputs[:, 5:], axis=-1), 1e-7, 1)
    kind = -ops.sum(labels[:, 5:] * ops.log(classes), axis=1)
    return found + there * (box_weight * box + kind)
