class BondConvolution(keras.layers.Layer):
    """Leave the atom itself out."""

    def __init__(self, units, n_kinds, **options):
        super().__init__(**options)
        self.units, self.n_kinds = units, n_kinds

    def build(self, atoms_shape, edges_shape, kinds_shape):
        wide, glorot = self.n_kinds * self.units, "glorot_uniform"
        self.own = self.add_weight((atoms_shape[-1], self.units), glorot, name="own")
        self.kinds = self.add_weight((atoms_shape[-1], wide), glorot, name="kinds")
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, atoms, edges, kinds):
        table = ops.reshape(ops.matmul(atoms, self.kinds), (-1, self.units))
        sent = ops.take(table, self.n_kinds * edges[0] + kinds, axis=0)
        heard = segment_sum(sent, edges[1], ops.shape(atoms)[0])
        return heard + self.bias
