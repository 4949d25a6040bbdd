def validation_mask(labels: np.ndarray, every: int) -> np.ndarray:
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        if len(own) < every:
            raise ValueError(f"class {label} has {len(own)} pictures, fewer than {every}")
        chosen[own[::every]] = True
    return chosen
