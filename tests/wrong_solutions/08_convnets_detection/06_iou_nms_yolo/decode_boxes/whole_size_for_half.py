# The whole width to each side of the middle.
def decode_boxes(raw, anchors, stride):
    raw = np.asarray(raw, np.float64)
    rows, columns = np.indices(raw.shape[:2])
    cells = np.stack([columns, rows], axis=-1)[:, :, None]
    middle = stride * (expit(raw[..., :2]) + cells)
    half = stride * anchors * np.exp(raw[..., 2:4])
    scores = expit(raw[..., 4:5]) * softmax(raw[..., 5:], axis=-1)
    found = np.concatenate([middle - half, middle + half, scores], axis=-1)
    return found.reshape(-1, found.shape[-1])
