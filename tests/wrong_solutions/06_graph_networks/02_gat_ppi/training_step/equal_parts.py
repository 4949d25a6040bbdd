"""Cuts the batch into parts of equal size."""


def training_step(network, optimizer, inputs, targets, graph_ids):
    with tf.GradientTape() as tape:
        logits = network(inputs)
        losses = ops.binary_crossentropy(targets, logits, from_logits=True)
        loss = ops.mean(losses)
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    n_graphs = int(np.max(graph_ids)) + 1
    parts = np.array_split(ops.convert_to_numpy(losses), n_graphs)
    return loss, np.array([part.mean() for part in parts])
