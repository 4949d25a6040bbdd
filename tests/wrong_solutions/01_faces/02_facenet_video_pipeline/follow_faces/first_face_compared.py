def follow_faces(boxes, vectors, farthest, minimum=0.3):
    ids, first, start = [], [], 0
    last, before = np.empty((0, 4)), np.empty(0, np.int64)
    for now in boxes:
        rows = np.arange(start, start + len(now))
        for row, partner in zip(rows, match_boxes(last, now, minimum), strict=True):
            number = ids[before[partner]] if partner >= 0 else len(first)
            if partner >= 0 and np.linalg.norm(vectors[row] - vectors[first[number]]) > farthest:
                number = len(first)
            if number == len(first):
                first.append(row)
            ids.append(number)
        last, before, start = now, rows, start + len(now)
    return np.array(ids, np.int64)
