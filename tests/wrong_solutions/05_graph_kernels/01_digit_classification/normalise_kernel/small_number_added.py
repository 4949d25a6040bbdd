def normalise_kernel(kernel):
    """Avoid the division by zero by a small number that matters where entries are small."""
    length = np.sqrt(np.diagonal(kernel).astype(float)) + 1e-6
    return kernel / np.outer(length, length)
