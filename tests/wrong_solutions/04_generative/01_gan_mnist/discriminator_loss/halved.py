def discriminator_loss(real_logits, fake_logits):
    """Take the mean of both parts, as the usual code does, in place of the sum."""
    real = np.logaddexp(0, -np.asarray(real_logits, np.float64)).mean()
    fake = np.logaddexp(0, np.asarray(fake_logits, np.float64)).mean()
    return float((real + fake) / 2)
