class SageLayer(keras.layers.Layer):
    """Return own features and the mean of the neighbours', projected."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    def build(self, features_shape, edges_shape):
        shape = (2 * features_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, features, edges):
        n_nodes = ops.shape(features)[0]
        said = ops.take(features, edges[0], axis=0)  # (n_edges, n_features)
        total = ops.segment_sum(said, edges[1], num_segments=n_nodes)
        count = ops.segment_sum(ops.ones_like(said[:, :1]), edges[1], num_segments=n_nodes)
        both = ops.concatenate(
            [features, ops.where(count > 0, total / ops.maximum(count, 1), features)], axis=1
        )
        return ops.matmul(both, self.kernel) + self.bias
