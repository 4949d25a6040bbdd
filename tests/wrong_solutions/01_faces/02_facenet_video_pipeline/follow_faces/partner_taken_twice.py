def follow_faces(boxes, vectors, farthest, minimum=0.3):
    ids, used, start = [], 0, 0
    last, before = np.empty((0, 4)), np.empty(0, np.int64)
    for now in boxes:
        rows = np.arange(start, start + len(now))
        overlap = iou_matrix(last, now)  # (before, now)
        for row, column in zip(rows, overlap.T, strict=True):
            goes_on = False
            if len(before) and column.max() >= minimum:
                partner = before[column.argmax()]  # also when another face has taken it already
                goes_on = np.linalg.norm(vectors[row] - vectors[partner]) <= farthest
            ids.append(ids[partner] if goes_on else used)
            used += not goes_on
        last, before, start = now, rows, start + len(now)
    return np.array(ids, np.int64)
