def kl_divergence(mu, logvar):
    return np.sum(mu**2 + np.exp(logvar) - 1 - logvar, axis=1)
