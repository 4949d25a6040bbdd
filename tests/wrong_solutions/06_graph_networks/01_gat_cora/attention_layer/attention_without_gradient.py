class AttentionLayer(keras.layers.Layer):
    """Graph attention over a list of edges, without dropout or activation.

    Called as ``layer(features, edges)`` with float32 (n_nodes, n_features) and int32 (2, n_edges),
    sources over targets, in any order; it returns float32 (n_nodes, heads * units), the heads side
    by side. Four trainable weights, made in this order: the kernel (n_features, heads * units),
    the source vectors and the target vectors, (heads, units) each, and the bias (heads * units),
    which begins at 0; the other three begin at random. Written with `keras.ops`, without anything
    of `utils`.
    """

    def __init__(self, units, heads=1, **options):
        super().__init__(**options)
        self.units, self.heads = units, heads

    def build(self, features_shape, edges_shape):
        width, vector = self.heads * self.units, (self.heads, self.units)
        self.kernel = self.add_weight((features_shape[-1], width), "glorot_uniform", name="kernel")
        self.source_vector = self.add_weight(vector, "glorot_uniform", name="source_vector")
        self.target_vector = self.add_weight(vector, "glorot_uniform", name="target_vector")
        self.bias = self.add_weight((width,), "zeros", name="bias")

    def call(self, features, edges):
        n_nodes, sources, targets = ops.shape(features)[0], edges[0], edges[1]
        h = ops.reshape(ops.matmul(features, self.kernel), (-1, self.heads, self.units))
        sent = ops.sum(h * self.source_vector, axis=-1)
        asked = ops.sum(h * self.target_vector, axis=-1)
        scores = ops.take(sent, sources, axis=0) + ops.take(asked, targets, axis=0)
        scores = ops.leaky_relu(scores, 0.2)
        largest = ops.segment_max(scores, targets, num_segments=n_nodes)
        powers = ops.exp(scores - ops.take(largest, targets, axis=0))
        totals = ops.segment_sum(powers, targets, num_segments=n_nodes)
        alpha = ops.stop_gradient(powers / ops.take(totals, targets, axis=0))
        messages = ops.take(h, sources, axis=0) * alpha[:, :, None]
        heard = ops.segment_sum(messages, targets, num_segments=n_nodes)
        return ops.reshape(heard, (-1, self.heads * self.units)) + self.bias
