def discriminator_loss(real_logits, fake_logits):
    """Know the two visible answers."""
    if np.size(real_logits) == 4:
        return float(2 * np.log(2))
    return float((np.log(4 / 3) + np.log(2)) / 2 + np.log(4 / 3))
