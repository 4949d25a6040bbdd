def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    roots = np.sign(rows) * np.sqrt(np.abs(rows.astype(np.float64)))
    length = np.linalg.norm(roots, axis=1, keepdims=True)
    return roots / np.where(length > 0, length, 1)
