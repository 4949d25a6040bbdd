def calibrate_boxes(boxes, offsets):
    if len(boxes) == 0:
        return boxes
    width, height = boxes[0, 2:] - boxes[0, :2]
    return boxes + offsets * np.array([width, height, width, height])
