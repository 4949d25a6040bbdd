def mask_iou(a, b):
    a = a.reshape(len(a), a.shape[1] * a.shape[2]).astype(np.float64)
    b = b.reshape(len(b), b.shape[1] * b.shape[2]).astype(np.float64)
    common = b @ a.T
    either = b.sum(axis=1)[:, None] + a.sum(axis=1)[None] - common
    return common / np.maximum(either, 1)
