class RandomTurn(keras.layers.Layer):
    def __init__(self, seed: int = 0):
        super().__init__()
        self.random = keras.random.SeedGenerator(seed)

    def call(self, windows, training=False):
        if not training:
            return windows
        q = keras.random.normal((1, 4), seed=self.random)
        turn = rotation_matrices(q / keras.ops.norm(q, axis=1, keepdims=True))
        return keras.ops.einsum("ij,ntj->nti", turn[0], windows)
