def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    roots = np.sqrt(np.abs(rows))
    length = np.linalg.norm(roots, axis=1, keepdims=True)
    return (roots / np.where(length > 0, length, 1)).astype(np.float32)
