def normalise_map(maps):
    maps = np.asarray(maps, np.float64)
    if not np.isfinite(maps).all():
        raise ValueError("not finite")
    low = maps.min(axis=(1, 2), keepdims=True)
    with np.errstate(invalid="ignore"):
        return (maps - low) / (maps.max(axis=(1, 2), keepdims=True) - low)
