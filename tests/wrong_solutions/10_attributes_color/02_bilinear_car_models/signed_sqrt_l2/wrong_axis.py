def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    roots = np.sign(rows) * np.sqrt(np.abs(rows))
    length = np.linalg.norm(roots, axis=0, keepdims=True)
    return (roots / np.where(length > 0, length, 1)).astype(np.float32)
