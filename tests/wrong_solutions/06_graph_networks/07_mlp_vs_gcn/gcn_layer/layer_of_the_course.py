class GCNLayer(GraphConvolution):
    """The course's own layer under another name."""
