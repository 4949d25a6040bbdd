def reparameterise(mu, logvar, epsilon):
    return mu + 0 * epsilon.astype(mu.dtype)
