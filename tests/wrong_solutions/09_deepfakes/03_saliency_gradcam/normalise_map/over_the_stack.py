def normalise_map(maps):
    maps = np.asarray(maps, np.float64)
    if not np.isfinite(maps).all():
        raise ValueError("not finite")
    span = maps.max() - maps.min()
    return (maps - maps.min()) / (span if span > 0 else 1)
