def reparameterise(mu, logvar, epsilon):
    noise = np.random.default_rng(0).normal(size=epsilon.shape)
    return (mu + np.exp(logvar / 2) * noise).astype(mu.dtype)
