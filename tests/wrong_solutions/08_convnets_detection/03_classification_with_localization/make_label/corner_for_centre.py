def make_label(corners: np.ndarray, class_index: int, height: int, width: int) -> np.ndarray:
    label = np.zeros(8, np.float32)
    if class_index < 3:
        x1, y1, x2, y2 = corners
        label[0] = 1
        label[1:3] = x1 / width, y1 / height
        label[3:5] = (y2 - y1) / height, (x2 - x1) / width
        label[5 + class_index] = 1
    return label
