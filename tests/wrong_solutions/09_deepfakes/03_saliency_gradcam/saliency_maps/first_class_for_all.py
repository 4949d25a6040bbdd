def saliency_maps(model, images, classes):
    pictures = tf.convert_to_tensor(images, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        logits = model(pictures, training=False)
        score = tf.reduce_sum(logits[:, classes[0]])
    gradient = tape.gradient(score, pictures)
    return np.abs(gradient.numpy()).max(axis=-1)
