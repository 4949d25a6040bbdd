def reparameterise(mu, logvar, epsilon):
    return mu.astype(float) + np.exp(logvar / 2) * epsilon
