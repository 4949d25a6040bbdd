def discriminator_loss(real_logits, fake_logits):
    """Go through probabilities, which become 0 and 1 for large logits; clip against infinity."""
    with np.errstate(over="ignore"):
        real = 1 / (1 + np.exp(-np.asarray(real_logits, np.float64)))
        fake = 1 / (1 + np.exp(-np.asarray(fake_logits, np.float64)))
    tiny = 1e-12
    return float(-np.log(real + tiny).mean() - np.log(1 - fake + tiny).mean())
