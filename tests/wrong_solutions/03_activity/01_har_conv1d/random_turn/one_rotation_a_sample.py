class RandomTurn(keras.layers.Layer):
    def __init__(self, seed: int = 0):
        super().__init__()
        self.random = keras.random.SeedGenerator(seed)

    def call(self, windows, training=False):
        if not training:
            return windows
        n, t = keras.ops.shape(windows)[0], windows.shape[1]
        q = keras.random.normal((n * t, 4), seed=self.random)
        turn = rotation_matrices(q / keras.ops.norm(q, axis=1, keepdims=True))
        flat = keras.ops.reshape(windows, (-1, 3))
        flat = keras.ops.einsum("nij,nj->ni", turn, flat)
        return keras.ops.reshape(flat, (-1, t, 3))
