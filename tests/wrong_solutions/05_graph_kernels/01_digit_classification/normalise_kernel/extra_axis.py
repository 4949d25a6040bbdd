def normalise_kernel(kernel):
    """Return the right numbers with one axis too many."""
    length = np.sqrt(np.diagonal(kernel).astype(float))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return (kernel * scale[:, np.newaxis] * scale[np.newaxis, :])[np.newaxis]
