import tensorflow as tf


def inversion_gradient(phi, x, codes, weight):
    with tf.GradientTape() as tape:
        tape.watch(x)
        answer = phi(x, training=False)
        axes = list(range(1, len(answer.shape)))
        error = tf.reduce_sum((answer - codes) ** 2, axes) / tf.reduce_sum(codes**2, axes)
        loss = tf.reduce_sum(error)
    return error, tape.gradient(loss, x)
