def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = rows / np.where(length > 0, length, 1)
    return (np.sign(rows) * np.sqrt(np.abs(rows))).astype(np.float32)
