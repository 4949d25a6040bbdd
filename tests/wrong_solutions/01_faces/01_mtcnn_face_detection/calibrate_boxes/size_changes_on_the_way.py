def calibrate_boxes(boxes, offsets):
    moved = boxes.copy()
    for near, far in ((0, 2), (1, 3)):
        moved[:, near] += offsets[:, near] * (moved[:, far] - moved[:, near])
        moved[:, far] += offsets[:, far] * (moved[:, far] - moved[:, near])
    return moved
