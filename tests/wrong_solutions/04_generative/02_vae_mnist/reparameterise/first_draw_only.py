def reparameterise(mu, logvar, epsilon):
    noise = epsilon if epsilon.ndim == 2 else epsilon[0]
    return (mu + np.exp(logvar / 2) * noise).astype(mu.dtype)
