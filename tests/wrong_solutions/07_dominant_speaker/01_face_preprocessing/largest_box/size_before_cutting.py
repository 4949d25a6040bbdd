def largest_box(boxes, width, height, smallest=0.0):
    best, most = -1, 0.0
    for k, (x1, y1, x2, y2) in enumerate(boxes):
        w, h = min(x2, width) - max(x1, 0), min(y2, height) - max(y1, 0)
        if min(w, h) > 0 and min(x2 - x1, y2 - y1) >= smallest and w * h > most:
            best, most = k, w * h
    return best
