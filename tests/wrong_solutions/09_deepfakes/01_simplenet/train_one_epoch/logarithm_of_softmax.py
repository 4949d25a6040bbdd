def train_one_epoch(model, optimizer, batches):
    losses, right, seen = [], 0, 0
    for images, labels in batches:
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = tf.reduce_mean(
                -tf.math.log(tf.gather(tf.nn.softmax(logits), labels, axis=1, batch_dims=1))
            )
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        losses.append(float(loss))
        right += int((np.argmax(logits, axis=1) == labels).sum())
        seen += len(labels)
    return np.array(losses, np.float64), right / seen
