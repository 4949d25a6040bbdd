# Old opponent.
def one_step(generator, discriminator, generator_adam, discriminator_adam, real, noise):
    with tf.GradientTape(persistent=True) as tape:
        fake = generator(noise, training=True)
        real_logits = discriminator(real, training=True)
        fake_logits = discriminator(fake, training=True)
        d_loss = from_logits(1, real_logits) + from_logits(0, fake_logits)
        g_loss = from_logits(1, fake_logits)
    update(discriminator, discriminator_adam, tape, d_loss)
    update(generator, generator_adam, tape, g_loss)
    return d_loss, g_loss
