import tensorflow as tf


@tf.custom_gradient
def guided_relu(x):
    def back(above):
        return tf.where((x > 0) & (above > 0), above, tf.zeros_like(above))

    return tf.identity(x), back
