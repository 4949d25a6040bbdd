# The deviation in place of the variance.
def loss_terms(encoder, decoder, images, epsilon):
    mu, logvar = encoder(images, training=True)
    z = mu + ops.exp(logvar / 2) * epsilon
    logits = decoder(z, training=True)
    reconstruction = ops.sum(ops.softplus(logits) - images * logits)
    return reconstruction, 0.5 * ops.sum(mu**2 + ops.exp(logvar / 2) - 1 - logvar)
