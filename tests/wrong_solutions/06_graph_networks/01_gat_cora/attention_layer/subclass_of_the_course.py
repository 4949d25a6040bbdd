class AttentionLayer(GraphAttention):
    """Graph attention over a list of edges, without dropout or activation.

    Called as ``layer(features, edges)`` with float32 (n_nodes, n_features) and int32 (2, n_edges),
    sources over targets, in any order; it returns float32 (n_nodes, heads * units), the heads side
    by side. Four trainable weights, made in this order: the kernel (n_features, heads * units),
    the source vectors and the target vectors, (heads, units) each, and the bias (heads * units),
    which begins at 0; the other three begin at random. Written with `keras.ops`, without anything
    of `utils`.
    """
