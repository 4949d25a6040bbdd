# Not summed over images.
def loss_terms(encoder, decoder, images, epsilon):
    mu, logvar = encoder(images, training=True)
    z = mu + ops.exp(logvar / 2) * epsilon
    logits = decoder(z, training=True)
    reconstruction = ops.sum(ops.softplus(logits) - images * logits, axis=(1, 2, 3))
    return reconstruction, 0.5 * ops.sum(mu**2 + ops.exp(logvar) - 1 - logvar)
