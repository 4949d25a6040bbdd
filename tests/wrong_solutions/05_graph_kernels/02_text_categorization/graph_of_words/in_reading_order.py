def graph_of_words(tokens, window):
    """Keep the direction of reading instead of the smaller place first."""
    nodes = list(dict.fromkeys(tokens))
    places = [nodes.index(token) for token in tokens]
    pairs = set()
    for step in range(1, window):
        for a, b in zip(places, places[step:], strict=False):
            pairs.add((a, b))
    return nodes, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
