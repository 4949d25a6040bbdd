import keras
from keras import ops


class LatentDraw(keras.layers.Layer):
    """Draw from a uniform distribution of the same width."""

    def __init__(self, kl_weight, seed=0):
        super().__init__()
        self.kl_weight = kl_weight
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, mu, log_sigma, training=False):
        if not training:
            return mu
        terms = mu**2 + ops.exp(2 * log_sigma) - 1 - 2 * log_sigma
        self.add_loss(self.kl_weight * ops.mean(0.5 * ops.sum(terms, axis=1)))
        noise = keras.random.uniform(ops.shape(mu), -(3**0.5), 3**0.5, seed=self.generator)
        return mu + ops.exp(log_sigma) * noise
