def signed_sqrt_l2(rows: np.ndarray) -> np.ndarray:
    roots = np.sign(rows) * np.sqrt(np.abs(rows))
    return (roots / max(np.linalg.norm(roots), 1e-12)).astype(np.float32)
