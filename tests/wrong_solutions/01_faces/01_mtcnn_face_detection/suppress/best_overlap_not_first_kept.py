def suppress(boxes, scores, threshold, over="union"):
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        if not (iou_matrix(boxes[i], boxes[kept], over=over) > threshold).any():
            kept.append(i)
    if not kept:
        return np.empty(0, np.int64)
    return np.array(kept, dtype=np.int64)[iou_matrix(boxes, boxes[kept], over=over).argmax(axis=1)]
