def normalise_kernel(kernel):
    """Forget the square root."""
    diagonal = np.diagonal(kernel).astype(float)
    scale = np.divide(1.0, diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
    return kernel * scale[:, np.newaxis] * scale[np.newaxis, :]
