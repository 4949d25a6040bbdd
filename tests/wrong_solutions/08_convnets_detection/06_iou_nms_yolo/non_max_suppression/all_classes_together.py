# Boxes of other classes are suppressed too.
def non_max_suppression(boxes, scores, labels, threshold=0.5):
    left = np.argsort(-scores, kind="stable")
    whole = ~np.isnan(boxes).any(axis=1) & ~np.isnan(scores)
    left, kept = left[whole[left]], []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[iou_matrix(boxes[best], boxes[left])[0] <= threshold]
    return np.array(kept, dtype=np.int64)
