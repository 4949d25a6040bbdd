def discriminator_loss(real_logits, fake_logits):
    """Return bits in place of nats."""
    real = np.logaddexp(0, -np.asarray(real_logits, np.float64)).mean()
    fake = np.logaddexp(0, np.asarray(fake_logits, np.float64)).mean()
    return float((real + fake) / np.log(2))
