def kl_divergence(mu, logvar):
    mu, logvar = mu.astype(float), logvar.astype(float)
    return 0.5 * np.sum(mu**2 + np.exp(logvar) - 1 - logvar, axis=1)
