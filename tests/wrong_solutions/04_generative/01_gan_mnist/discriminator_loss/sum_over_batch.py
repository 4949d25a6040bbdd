def discriminator_loss(real_logits, fake_logits):
    """Sum over the batch in place of the mean."""
    real = np.logaddexp(0, -np.asarray(real_logits, np.float64)).sum()
    fake = np.logaddexp(0, np.asarray(fake_logits, np.float64)).sum()
    return float(real + fake)
