def square_boxes(boxes):
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:3] - boxes[:, 0:1]) / 2
    return np.concatenate([centre - half, centre + half], axis=1)
