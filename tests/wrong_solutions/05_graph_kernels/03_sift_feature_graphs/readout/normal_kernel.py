class Readout(keras.layers.Layer):
    """Return mean and maximum of each graph's nodes, projected."""

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    def build(self, x_shape, graph_shape):
        shape = (2 * x_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, initializer="glorot_normal", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, x, graph, n_graphs):
        total = ops.segment_sum(x, graph, num_segments=n_graphs)  # (n_graphs, f)
        count = ops.segment_sum(ops.ones_like(x[:, :1]), graph, num_segments=n_graphs)
        largest = ops.segment_max(x, graph, num_segments=n_graphs)
        largest = ops.where(count > 0, largest, 0.0)
        pooled = ops.concatenate([total / ops.maximum(count, 1.0), largest], axis=1)
        return ops.matmul(pooled, self.kernel) + self.bias
