# Loss after the update.
def one_step(generator, discriminator, generator_adam, discriminator_adam, real, noise):
    with tf.GradientTape() as generator_tape:
        fake = generator(noise, training=True)
        with tf.GradientTape() as tape:
            real_logits = discriminator(real, training=True)
            fake_logits = discriminator(tf.stop_gradient(fake), training=True)
            d_loss = from_logits(1, real_logits) + from_logits(0, fake_logits)
        update(discriminator, discriminator_adam, tape, d_loss)
        d_loss = from_logits(1, discriminator(real, training=True))
        d_loss += from_logits(0, discriminator(tf.stop_gradient(fake), training=True))
        g_loss = from_logits(1, discriminator(fake, training=True))
    update(generator, generator_adam, generator_tape, g_loss)
    return d_loss, g_loss
