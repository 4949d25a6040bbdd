# Twice the divergence.
def loss_terms(encoder, decoder, images, epsilon):
    mu, logvar = encoder(images, training=True)
    z = mu + ops.exp(logvar / 2) * epsilon
    logits = decoder(z, training=True)
    reconstruction = ops.sum(ops.softplus(logits) - images * logits)
    return reconstruction, ops.sum(mu**2 + ops.exp(logvar) - 1 - logvar)
