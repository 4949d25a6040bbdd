def kl_divergence(mu, logvar):
    return 0.5 * np.sum(np.abs(mu) + np.exp(logvar) - 1 - logvar, axis=1)
