def kl_divergence(mu, logvar):
    return np.zeros(0)
