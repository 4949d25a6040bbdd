def graph_of_words(tokens, window):
    """Start with step 0, which joins every word to itself."""
    nodes = list(dict.fromkeys(tokens))
    places = [nodes.index(token) for token in tokens]
    pairs = set()
    for step in range(window):
        for a, b in zip(places, places[step:], strict=False):
            pairs.add((min(a, b), max(a, b)))
    return nodes, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
