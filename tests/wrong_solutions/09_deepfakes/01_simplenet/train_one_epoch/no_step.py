def train_one_epoch(model, optimizer, batches):
    losses, right, seen = [], 0, 0
    for images, labels in batches:
        with tf.GradientTape():
            logits = model(images, training=True)
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            )
        losses.append(float(loss))
        right += int((np.argmax(logits, axis=1) == labels).sum())
        seen += len(labels)
    return np.array(losses, np.float64), right / seen
