def train_step(network, loss, optimizer, pixels, labels):
    with tf.GradientTape() as tape:
        value = loss(labels, network(pixels, training=True))
    gradients = tape.gradient(value, network.trainable_variables)
    for variable, gradient in zip(network.trainable_variables, gradients, strict=True):
        variable.assign_sub(0.1 * gradient)
    return value
