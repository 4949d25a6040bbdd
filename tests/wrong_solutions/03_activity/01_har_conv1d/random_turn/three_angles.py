class RandomTurn(keras.layers.Layer):
    def __init__(self, seed: int = 0):
        super().__init__()
        self.random = keras.random.SeedGenerator(seed)

    def call(self, windows, training=False):
        if not training:
            return windows
        h = 3.1416 * keras.random.uniform((keras.ops.shape(windows)[0], 3), seed=self.random)
        one = keras.ops.ones_like(h[:, :1])
        zero = keras.ops.zeros_like(one)
        about = [[zero, zero, one], [one, zero, zero], [zero, zero, one]]
        for i, axis in enumerate(about):
            parts = [
                keras.ops.cos(h[:, i : i + 1]),
                *(keras.ops.sin(h[:, i : i + 1]) * a for a in axis),
            ]
            turn = rotation_matrices(keras.ops.concatenate(parts, axis=1))
            windows = keras.ops.einsum("nij,ntj->nti", turn, windows)
        return windows
