def make_label(corners: np.ndarray, class_index: int, height: int, width: int) -> np.ndarray:
    label = np.zeros(8, np.float32)
    if class_index < 3:
        x1, y1, x2, y2 = corners
        label[0] = 1
        label[1:3] = (x1 + x2) / 2 / width, (y1 + y2) / 2 / height
        label[3:5] = (x2 - x1) / width, (y2 - y1) / height
        label[5 + class_index] = 1
    return label
