def reparameterise(mu, logvar, epsilon):
    return (mu + np.exp(logvar / 2) * epsilon).astype(mu.dtype)[np.newaxis]
