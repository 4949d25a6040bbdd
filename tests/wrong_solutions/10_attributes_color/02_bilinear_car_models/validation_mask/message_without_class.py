def validation_mask(labels: np.ndarray, every: int) -> np.ndarray:
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        if len(own) < every:
            raise ValueError("a class is too small")
        chosen[own[every - 1 :: every]] = True
    return chosen
