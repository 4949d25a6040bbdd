def kl_divergence(mu, logvar):
    return 0.5 * np.mean(mu**2 + np.exp(logvar) - 1 - logvar, axis=1)
