def graph_of_words(tokens, window):
    """List every pair twice."""
    nodes = list(dict.fromkeys(tokens))
    places = [nodes.index(token) for token in tokens]
    pairs = set()
    for step in range(1, window):
        for a, b in zip(places, places[step:], strict=False):
            pairs |= {(a, b), (b, a)}
    return nodes, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
