def train_step(network, loss, optimizer, pixels, labels):
    with tf.GradientTape() as tape:
        value = loss(labels, network(pixels, training=True))
    tape.gradient(value, network.trainable_variables)
    return value
