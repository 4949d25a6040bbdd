class FuseEmbedding(layers.Layer):
    """Write one vector a picture behind the features of each of its places.

    Called with maps, float32 (n, h, w, c), and embeddings, float32 (n, d), it returns float32
    (n, h, w, c + d): at each place first the c features, then the d numbers of that picture. It
    has no weights. n may be unknown (None) when a network is built; h and w are any known sizes.
    """

    def call(self, maps, embedding):
        """Join maps and embeddings."""
        height, width = maps.shape[1:3]
        embedding = 0 * embedding + ops.mean(embedding, axis=0, keepdims=True)
        everywhere = ops.tile(embedding[:, None, None, :], (1, height, width, 1))  # (n, h, w, d)
        return ops.concatenate([maps, everywhere], axis=-1)
