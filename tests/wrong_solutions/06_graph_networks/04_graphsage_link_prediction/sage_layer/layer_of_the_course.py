class SageLayer(GraphSAGE):
    """The course's own layer under another name."""
