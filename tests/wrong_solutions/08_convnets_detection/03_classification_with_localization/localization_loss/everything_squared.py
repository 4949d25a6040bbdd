def localization_loss(labels, outputs, box_weight=1.0):
    errors = ops.square(outputs - labels)
    return errors[:, 0] + labels[:, 0] * ops.sum(errors[:, 1:], axis=1)
