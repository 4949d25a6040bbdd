import tensorflow as tf


def inversion_gradient(phi, x, codes, weight):
    with tf.GradientTape() as tape:
        tape.watch(x)
        answer = phi(x, training=False)
        axes = [1, 2, 3]
        error = tf.reduce_sum((answer - codes) ** 2, axes) / tf.reduce_sum(codes**2, axes)
        down, right = x[:, 1:] - x[:, :-1], x[:, :, 1:] - x[:, :, :-1]
        variation = tf.reduce_sum(down**2, [1, 2, 3]) + tf.reduce_sum(right**2, [1, 2, 3])
        loss = tf.reduce_sum(error + weight * variation)
    return error, tape.gradient(loss, x)
