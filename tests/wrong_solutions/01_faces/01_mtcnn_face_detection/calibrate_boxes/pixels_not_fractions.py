def calibrate_boxes(boxes, offsets):
    return boxes + offsets
