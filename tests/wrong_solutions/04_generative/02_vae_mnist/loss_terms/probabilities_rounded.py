# The logarithm of a rounded zero.
def loss_terms(encoder, decoder, images, epsilon):
    mu, logvar = encoder(images, training=True)
    z = mu + ops.exp(logvar / 2) * epsilon
    logits = decoder(z, training=True)
    p = ops.sigmoid(logits)
    reconstruction = -ops.sum(images * ops.log(p) + (1 - images) * ops.log(1 - p))
    return reconstruction, 0.5 * ops.sum(mu**2 + ops.exp(logvar) - 1 - logvar)
