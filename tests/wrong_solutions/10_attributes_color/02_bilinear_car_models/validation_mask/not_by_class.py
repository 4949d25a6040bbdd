def validation_mask(labels: np.ndarray, every: int) -> np.ndarray:
    for label, count in zip(*np.unique(labels, return_counts=True), strict=True):
        if count < every:
            raise ValueError(f"class {label} has {count} pictures, fewer than {every}")
    return np.arange(len(labels)) % every == every - 1
