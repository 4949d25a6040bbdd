def follow_faces(boxes, vectors, farthest, minimum=0.3):
    ids, used, start = [], 0, 0
    last, before = np.empty((0, 4)), np.empty(0, np.int64)
    for now in boxes:
        rows = np.arange(start, start + len(now))
        overlap = iou_matrix(last, now)
        for j, row in enumerate(rows):  # strangers no longer overlap, so the next best is asked
            for i, partner in enumerate(before):
                if np.linalg.norm(vectors[row] - vectors[partner]) > farthest:
                    overlap[i, j] = 0
        left = np.full(len(now), -1)
        while overlap.size and overlap.max() >= minimum:
            i, j = np.unravel_index(overlap.argmax(), overlap.shape)
            left[j] = before[i]
            overlap[i, :] = overlap[:, j] = -1
        for partner in left:
            ids.append(ids[partner] if partner >= 0 else used)
            used += partner < 0
        last, before, start = now, rows, start + len(now)
    return np.array(ids, np.int64)
