# Only the discriminator takes its turn.
def one_step(generator, discriminator, generator_adam, discriminator_adam, real, noise):
    fake = generator(noise, training=True)
    with tf.GradientTape() as tape:
        real_logits = discriminator(real, training=True)
        fake_logits = discriminator(fake, training=True)
        d_loss = from_logits(1, real_logits) + from_logits(0, fake_logits)
    update(discriminator, discriminator_adam, tape, d_loss)
    return d_loss, from_logits(1, discriminator(fake, training=True))
