def reparameterise(mu, logvar, epsilon):
    z = (mu + np.exp(logvar / 2) * epsilon).astype(mu.dtype)
    return z if z.ndim == 2 else z.swapaxes(0, 1)
