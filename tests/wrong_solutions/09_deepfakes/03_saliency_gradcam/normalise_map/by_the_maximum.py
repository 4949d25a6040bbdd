def normalise_map(maps):
    maps = np.asarray(maps, np.float64)
    if not np.isfinite(maps).all():
        raise ValueError("not finite")
    high = maps.max(axis=(1, 2), keepdims=True)
    return np.where(maps == high, 1.0, maps / high) * (high > maps.min(axis=(1, 2), keepdims=True))
