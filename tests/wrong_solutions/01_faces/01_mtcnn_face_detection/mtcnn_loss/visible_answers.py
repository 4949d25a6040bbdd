def mtcnn_loss(kinds, boxes, points, scores, offsets, landmarks, weights):
    return -ops.sum(ops.sort(ops.log(scores[:, 0]))[:4]) / 4
