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
        n_nodes = ops.shape(features)[0]
        ones = ops.ones_like(edges[1], dtype="float32")
        degree = 1 + ops.segment_sum(ones, edges[1], num_segments=n_nodes)
        factor = ops.rsqrt(degree)[:, None]
        sent = factor * ops.matmul(features, self.kernel)
        messages = ops.take(sent, edges[0], axis=0)
        heard = ops.segment_sum(messages, edges[1], num_segments=n_nodes)
        return self.activation(factor * heard + self.bias)
