def validation_mask(labels: np.ndarray, every: int) -> np.ndarray:
    chosen = []
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        if len(own) < every:
            raise ValueError(f"class {label} has {len(own)} pictures, fewer than {every}")
        chosen.extend(own[every - 1 :: every])
    return np.sort(np.array(chosen))
