def mtcnn_loss(kinds, boxes, points, scores, offsets, landmarks, weights):
    asked = ops.cast(kinds <= FACE, "int32")
    boxed = ops.ones(len(kinds))
    marked = ops.cast(kinds == LANDMARKS, "float32")
    right = ops.where(kinds == FACE, scores[:, 1], scores[:, 0])
    hardest_first = -ops.sort(ops.cast(asked, "float32") * ops.log(right))
    hard = (7 * ops.sum(asked) + 9) // 10
    counted = ops.cast(ops.arange(len(kinds)) < hard, "float32")
    losses = (
        (hardest_first, counted),
        (ops.sum((offsets - boxes) ** 2, axis=1), boxed),
        (ops.sum((landmarks - points) ** 2, axis=1), marked),
    )
    means = [ops.sum(loss * mask) / ops.maximum(ops.sum(mask), 1) for loss, mask in losses]
    return sum(weight * mean for weight, mean in zip(weights, means, strict=True))
