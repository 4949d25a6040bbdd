def reparameterise(mu, logvar, epsilon):
    return (mu + np.exp(2 * logvar) * epsilon).astype(mu.dtype)
