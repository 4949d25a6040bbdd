class GCNLayer(keras.layers.Layer):
    """Graph convolution, activation(A_hat H W + b), on a list of links in both directions."""

    def __init__(self, units, activation=None, **options):
        super().__init__(**options)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, features_shape, edges_shape):
        shape = (features_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, features, edges):
        n = features.shape[0]
        heard = propagate(
            ops.matmul(features, self.kernel), *normalised_adjacency(np.array(edges), n)
        )
        return self.activation(heard + self.bias)
