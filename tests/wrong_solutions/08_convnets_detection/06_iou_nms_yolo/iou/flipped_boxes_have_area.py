# The shared part is right, but a box with both edges the wrong way round has an area.
def iou(a, b):
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    a, b = (np.hstack([np.sort(c[:, 0::2]), np.sort(c[:, 1::2])])[:, [0, 2, 1, 3]] for c in (a, b))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=2)
    area_a, area_b = (np.prod(c[:, 2:] - c[:, :2], axis=1) for c in (a, b))
    union = area_a[:, None] + area_b[None] - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)
