class SkipGram(keras.layers.Layer):
    def __init__(self, n_nodes, dimensions, seed=None):
        super().__init__()
        half = 0.5 / dimensions
        drawn = keras.initializers.RandomUniform(-half, half, seed=seed)
        shape = (n_nodes, dimensions)
        self.centres = self.add_weight(shape=shape, initializer=drawn, name="centres")
        self.contexts = self.add_weight(shape=shape, initializer="zeros", name="contexts")

    def call(self, pairs, noise):
        centre = ops.take(self.centres, pairs[:, 0], axis=0)  # (n_pairs, dimensions)
        context = ops.take(self.contexts, pairs[:, 1], axis=0)
        others = ops.take(self.centres, noise, axis=0)  # (n_pairs, n_noise, dimensions)
        seen = ops.sum(centre * context, axis=1)
        made_up = ops.sum(centre[:, None] * others, axis=2)  # (n_pairs, n_noise)
        counts = ops.cast(ops.not_equal(noise, pairs[:, 1:]), "float32")
        return ops.softplus(-seen) + ops.sum(counts * ops.softplus(made_up), axis=1)

    def train_step(self, pairs, noise, rate):
        with tf.GradientTape() as tape:
            losses = self(pairs, noise)
            total = ops.sum(losses)
        weights = self.trainable_weights
        for weight, gradient in zip(weights, tape.gradient(total, weights), strict=True):
            weight.assign_sub(rate * tf.convert_to_tensor(gradient))
        return ops.mean(losses)
