def train_step(network, loss, optimizer, pixels, labels):
    with tf.GradientTape() as tape:
        value = loss(labels, network(pixels, training=True))
    first = network.trainable_variables[:1]
    optimizer.apply_gradients(zip(tape.gradient(value, first), first, strict=True))
    return value
