class RandomTurn(keras.layers.Layer):
    def __init__(self, seed: int = 0):
        super().__init__()
        self.random = keras.random.SeedGenerator(seed)

    def call(self, windows, training=False):
        if not training:
            return windows
        angle = 3.1416 * keras.random.uniform((keras.ops.shape(windows)[0], 1), seed=self.random)
        zero = keras.ops.zeros_like(angle)
        q = keras.ops.concatenate([keras.ops.cos(angle), zero, zero, keras.ops.sin(angle)], axis=1)
        turn = rotation_matrices(q)
        return keras.ops.einsum("nij,ntj->nti", turn, windows)
