import keras
from keras import ops


class InvertedDropout(keras.layers.Layer):
    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, x, draws, training=False):
        return x * ops.cast(draws >= self.rate, x.dtype) / (1 - self.rate)
