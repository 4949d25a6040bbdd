def normalise_kernel(kernel):
    """Divide by the diagonal entry of the row alone."""
    diagonal = np.diagonal(kernel).astype(float)
    scale = np.divide(1.0, diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
    return kernel * scale[:, np.newaxis]
