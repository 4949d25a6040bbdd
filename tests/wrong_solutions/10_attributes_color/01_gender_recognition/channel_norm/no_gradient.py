import keras
from keras import ops


class ChannelNorm(keras.layers.Layer):
    def __init__(self, momentum=0.99, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, shape):
        c = (shape[-1],)
        self.gamma = self.add_weight(shape=c, initializer="ones")
        self.beta = self.add_weight(shape=c, initializer="zeros")
        self.moving_mean = self.add_weight(shape=c, initializer="zeros", trainable=False)
        self.moving_variance = self.add_weight(shape=c, initializer="ones", trainable=False)

    def call(self, x, training=False):
        if training:
            fixed = ops.stop_gradient(x)  # the statistics of the batch are taken as given
            mean, variance = ops.mean(fixed, axis=(0, 1, 2)), ops.var(fixed, axis=(0, 1, 2))
            for old, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
                old.assign(self.momentum * old + (1 - self.momentum) * new)
        else:
            mean, variance = self.moving_mean, self.moving_variance
        return self.gamma * (x - mean) / ops.sqrt(variance + self.epsilon) + self.beta
