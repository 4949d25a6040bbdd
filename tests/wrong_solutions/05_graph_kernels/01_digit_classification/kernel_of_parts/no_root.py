def kernel_of_parts(parts):
    """Divide by the squared lengths."""
    owner = np.repeat(np.arange(len(parts)), [len(codes) for codes in parts])
    kinds, column = np.unique(np.concatenate(parts), return_inverse=True)
    counts = np.zeros((len(parts), len(kinds)))
    np.add.at(counts, (owner, column), 1)
    length = (counts**2).sum(axis=1, keepdims=True)
    unit = np.divide(counts, length, out=np.zeros_like(counts), where=length > 0)
    return unit @ unit.T
