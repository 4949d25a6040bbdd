def follow_faces(boxes, vectors, farthest, minimum=0.3):
    ids, used, start = [], 0, 0
    last, before = np.empty((0, 4)), np.empty(0, np.int64)
    for now in boxes:
        rows = np.arange(start, start + len(now))
        for row, partner in zip(rows, match_boxes(last, now, minimum), strict=True):
            goes_on = False
            if partner >= 0:
                apart = np.linalg.norm(vectors[row] - vectors[before[partner]])
                goes_on = apart <= farthest
            ids.append(ids[before[partner]] if goes_on else used)
            used += not goes_on
        if len(now):
            last, before = now, rows
        start += len(now)
    return np.array(ids, np.int64)
