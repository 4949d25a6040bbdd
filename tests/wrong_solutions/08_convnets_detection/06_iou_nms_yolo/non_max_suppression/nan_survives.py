# A box with a NaN overlaps nothing, so it stays.
def non_max_suppression(boxes, scores, labels, threshold=0.5):
    left, kept = np.argsort(-scores, kind="stable"), []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        overlaps = iou_matrix(boxes[best], boxes[left])[0] > threshold
        left = left[~(overlaps & (labels[left] == labels[best]))]
    return np.array(kept, dtype=np.int64)
