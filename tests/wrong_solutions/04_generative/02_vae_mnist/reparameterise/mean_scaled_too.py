def reparameterise(mu, logvar, epsilon):
    return ((mu + epsilon) * np.exp(logvar / 2)).astype(mu.dtype)
