def kl_divergence(mu, logvar):
    costs = 0.5 * np.sum(mu**2 + np.exp(logvar) - 1 - logvar, axis=1)
    return np.full(len(mu), costs.mean(), mu.dtype)
