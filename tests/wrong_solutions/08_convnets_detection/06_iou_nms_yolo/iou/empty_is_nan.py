# 0 divided by 0 is left as it comes.
def iou(a, b):
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=2)
    area_a, area_b = (np.prod(np.maximum(c[:, 2:] - c[:, :2], 0), axis=1) for c in (a, b))
    with np.errstate(all="ignore"):
        return common / (area_a[:, None] + area_b[None] - common)
