def train_step(network, loss, optimizer, pixels, labels):
    with tf.GradientTape() as tape:
        value = loss(labels, network(pixels, training=False))
    gradients = tape.gradient(value, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    return value
