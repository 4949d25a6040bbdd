def discriminator_loss(real_logits, fake_logits):
    """Return an array of one number in place of a float."""
    real = np.logaddexp(0, -np.asarray(real_logits, np.float64)).mean()
    fake = np.logaddexp(0, np.asarray(fake_logits, np.float64)).mean()
    return np.array([real + fake])
