def kl_divergence(mu, logvar):
    return 0.5 * np.sum((1 + mu**2) * np.exp(-logvar) - 1 + logvar, axis=1)
