import tensorflow as tf


class LinkScore(tf.keras.layers.Layer):
    """Scale the sum of product and shift."""

    def __init__(self, start=1.0, **options):
        super().__init__(**options)
        self.start = start

    def build(self, shape):
        begin = tf.keras.initializers.Constant(self.start)
        self.scale = self.add_weight(name="scale", shape=(), initializer=begin)
        self.shift = self.add_weight(name="shift", shape=(), initializer="zeros")

    def call(self, codes):
        source, target = tf.unstack(codes, axis=-2)
        product = tf.reduce_sum(source * target, axis=-1)
        return tf.keras.activations.sigmoid(self.scale * (product + self.shift))
