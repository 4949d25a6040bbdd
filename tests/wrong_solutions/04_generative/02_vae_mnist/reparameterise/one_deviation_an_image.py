def reparameterise(mu, logvar, epsilon):
    sigma = np.exp(logvar / 2).mean(axis=1, keepdims=True)
    return (mu + sigma * epsilon).astype(mu.dtype)
