def reparameterise(mu, logvar, epsilon):
    return (mu + np.exp(logvar) * epsilon).astype(mu.dtype)
