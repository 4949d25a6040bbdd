def normalise_kernel(kernel):
    """Give a graph without parts a one on its diagonal."""
    length = np.sqrt(np.diagonal(kernel).astype(float))
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    result = kernel * scale[:, np.newaxis] * scale[np.newaxis, :]
    np.fill_diagonal(result, 1.0)
    return result
