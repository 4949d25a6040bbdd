def square_boxes(boxes):
    side = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True)
    return np.concatenate([boxes[:, :2], boxes[:, :2] + side], axis=1)
