import keras
from keras import ops


class LatentDraw(keras.layers.Layer):
    """Average the divergence over the units too."""

    def __init__(self, kl_weight, seed=0):
        super().__init__()
        self.kl_weight = kl_weight
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, mu, log_sigma, training=False):
        if not training:
            return mu
        terms = mu**2 + ops.exp(2 * log_sigma) - 1 - 2 * log_sigma
        self.add_loss(self.kl_weight * 0.5 * ops.mean(terms))
        noise = keras.random.normal(ops.shape(mu), seed=self.generator)
        return mu + ops.exp(log_sigma) * noise
