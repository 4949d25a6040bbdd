def kernel_of_parts(parts):
    """Call a graph without parts similar to itself."""
    owner = np.repeat(np.arange(len(parts)), [len(codes) for codes in parts])
    kinds, column = np.unique(np.concatenate(parts), return_inverse=True)
    counts = np.zeros((len(parts), len(kinds)))
    np.add.at(counts, (owner, column), 1)
    length = np.linalg.norm(counts, axis=1, keepdims=True)
    unit = np.divide(counts, length, out=np.zeros_like(counts), where=length > 0)
    result = unit @ unit.T
    np.fill_diagonal(result, 1.0)
    return result
