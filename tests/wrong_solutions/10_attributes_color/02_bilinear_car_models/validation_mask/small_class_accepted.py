def validation_mask(labels: np.ndarray, every: int) -> np.ndarray:
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        chosen[np.flatnonzero(labels == label)[every - 1 :: every]] = True
    return chosen
