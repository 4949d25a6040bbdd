def discriminator_loss(real_logits, fake_logits):
    """Call real pictures 0 and generated ones 1."""
    real = np.logaddexp(0, np.asarray(real_logits, np.float64)).mean()
    fake = np.logaddexp(0, -np.asarray(fake_logits, np.float64)).mean()
    return float(real + fake)
