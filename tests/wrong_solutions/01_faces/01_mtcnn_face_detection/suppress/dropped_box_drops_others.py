def suppress(boxes, scores, threshold, over="union"):
    owner = np.full(len(boxes), -1, dtype=np.int64)
    overlap = iou_matrix(boxes, boxes, over=over)
    for i in np.argsort(-scores, kind="stable"):
        owner[(owner < 0) & (overlap[i] > threshold)] = i
    return owner
