def graph_of_words(tokens, window):
    """List a pair as often as it is met."""
    nodes = list(dict.fromkeys(tokens))
    places = [nodes.index(token) for token in tokens]
    pairs = []
    for step in range(1, window):
        for a, b in zip(places, places[step:], strict=False):
            pairs.append((min(a, b), max(a, b)))
    return nodes, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
