class RandomTurn(keras.layers.Layer):
    def __init__(self, seed: int = 0):
        super().__init__()
        self.random = keras.random.SeedGenerator(seed)

    def call(self, windows, training=False):
        if not training:
            return windows
        q = keras.random.normal((keras.ops.shape(windows)[0], 4), seed=3)
        turn = rotation_matrices(q / keras.ops.norm(q, axis=1, keepdims=True))
        return keras.ops.einsum("nij,ntj->nti", turn, windows)
