def calibrate_boxes(boxes, offsets):
    width = boxes[:, 2] - boxes[:, 0]
    height = boxes[:, 3] - boxes[:, 1]
    return boxes + offsets * np.stack([width, width, height, height], axis=1)
