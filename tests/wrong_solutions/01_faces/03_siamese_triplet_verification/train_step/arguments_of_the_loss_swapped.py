def train_step(network, loss, optimizer, pixels, labels):
    with tf.GradientTape() as tape:
        value = loss(network(pixels, training=True), labels)
    gradients = tape.gradient(value, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    return ops.sum(value, keepdims=True)
