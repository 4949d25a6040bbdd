def reparameterise(mu, logvar, epsilon):
    return (mu + logvar / 2 * epsilon).astype(mu.dtype)
