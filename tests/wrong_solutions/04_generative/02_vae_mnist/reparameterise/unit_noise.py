def reparameterise(mu, logvar, epsilon):
    return (mu + epsilon).astype(mu.dtype)
