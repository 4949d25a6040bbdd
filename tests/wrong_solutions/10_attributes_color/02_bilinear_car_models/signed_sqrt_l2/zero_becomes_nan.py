def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    roots = np.sign(rows) * np.sqrt(np.abs(rows))
    with np.errstate(invalid="ignore"):
        return (roots / np.linalg.norm(roots, axis=1, keepdims=True)).astype(np.float32)
