def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    return rows[:0].astype(np.float32)
