def largest_box(boxes, width, height, smallest=0.0):
    sides = boxes[:, 2:] - boxes[:, :2]
    area = np.where(sides.min(axis=1) >= smallest, sides.prod(axis=1), 0)
    return int(np.argmax(area)) if len(boxes) and area.max() > 0 else -1
