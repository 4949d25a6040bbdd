"""Shortens a long gradient before the step."""


def training_step(network, optimizer, inputs, targets, graph_ids):
    with tf.GradientTape() as tape:
        logits = network(inputs)
        losses = ops.binary_crossentropy(targets, logits, from_logits=True)
        loss = ops.mean(losses)
    gradients = tape.gradient(loss, network.trainable_variables)
    gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
    optimizer.apply(gradients, network.trainable_variables)
    n_graphs = int(np.max(graph_ids)) + 1
    sums = ops.segment_sum(ops.mean(losses, axis=1), graph_ids, num_segments=n_graphs)
    return loss, sums / np.bincount(graph_ids, minlength=n_graphs).astype("float32")
