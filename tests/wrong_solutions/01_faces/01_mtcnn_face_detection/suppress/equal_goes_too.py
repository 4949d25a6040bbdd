def suppress(boxes, scores, threshold, over="union"):
    owner = np.full(len(boxes), -1, dtype=np.int64)
    for i in np.argsort(-scores, kind="stable"):
        if owner[i] < 0:
            left = np.flatnonzero(owner < 0)
            overlap = iou_matrix(boxes[i], boxes[left], over=over)[0]
            owner[left[overlap >= threshold]] = i
            owner[i] = i
    return owner
