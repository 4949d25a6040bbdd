def saliency_maps(model, images, classes):
    pictures = tf.convert_to_tensor(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        logits = model(pictures, training=False)
        score = tf.reduce_mean(tf.gather(logits, classes, batch_dims=1))
    gradient = tape.gradient(score, pictures)
    return np.abs(gradient.numpy()).max(axis=-1)
