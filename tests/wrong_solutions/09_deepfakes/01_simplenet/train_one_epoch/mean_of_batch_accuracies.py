def train_one_epoch(model, optimizer, batches):
    losses, right, seen = [], 0, 0
    for images, labels in batches:
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            )
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        losses.append(float(loss))
        right += float((np.argmax(logits, axis=1) == labels).mean())
        seen += 1
    return np.array(losses, np.float64), right / seen
