def mask_iou(a, b):
    a = a.reshape(len(a), a.shape[1] * a.shape[2]).astype(np.float64)
    b = b.reshape(len(b), b.shape[1] * b.shape[2]).astype(np.float64)
    smaller = np.minimum(a.sum(axis=1)[:, None], b.sum(axis=1)[None])
    return a @ b.T / np.maximum(smaller, 1)
