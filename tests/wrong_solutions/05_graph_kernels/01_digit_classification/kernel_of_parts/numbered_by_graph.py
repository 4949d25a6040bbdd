def kernel_of_parts(parts):
    """Number the kinds of each graph by themselves, so that a column means another part in each."""
    counts = np.zeros((len(parts), max(len(codes) for codes in parts)))
    for row, codes in zip(counts, parts, strict=True):
        kinds, times = np.unique(codes, return_counts=True)
        row[: len(kinds)] = times
    length = np.linalg.norm(counts, axis=1, keepdims=True)
    unit = np.divide(counts, length, out=np.zeros_like(counts), where=length > 0)
    return unit @ unit.T
