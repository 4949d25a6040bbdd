def normalise_map(maps):
    maps = np.asarray(maps, np.float64)
    if not np.isfinite(maps).all():
        raise ValueError("not finite")
    low = maps.min(axis=2, keepdims=True)
    span = maps.max(axis=2, keepdims=True) - low
    return (maps - low) / np.where(span > 0, span, 1)
