# Every box suppresses its weaker overlaps, even one that is gone already.
def non_max_suppression(boxes, scores, labels, threshold=0.5):
    order = np.argsort(-scores, kind="stable")
    whole = ~np.isnan(boxes).any(axis=1) & ~np.isnan(scores)
    order = order[whole[order]]
    overlap = iou_matrix(boxes[order], boxes[order]) > threshold
    overlap &= labels[order][:, None] == labels[order][None]
    gone = np.triu(overlap, 1).any(axis=0) if len(order) else np.zeros(0, bool)
    return order[~gone].astype(np.int64)
