# Looking mode.
def one_step(generator, discriminator, generator_adam, discriminator_adam, real, noise):
    with tf.GradientTape() as generator_tape:
        fake = generator(noise, training=False)
        with tf.GradientTape() as tape:
            real_logits = discriminator(real, training=False)
            fake_logits = discriminator(tf.stop_gradient(fake), training=False)
            d_loss = from_logits(1, real_logits) + from_logits(0, fake_logits)
        update(discriminator, discriminator_adam, tape, d_loss)
        g_loss = from_logits(1, discriminator(fake, training=False))
    update(generator, generator_adam, generator_tape, g_loss)
    return d_loss, g_loss
