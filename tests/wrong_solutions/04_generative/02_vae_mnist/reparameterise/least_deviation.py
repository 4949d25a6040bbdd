def reparameterise(mu, logvar, epsilon):
    return (mu + np.maximum(np.exp(logvar / 2), 1e-3) * epsilon).astype(mu.dtype)
