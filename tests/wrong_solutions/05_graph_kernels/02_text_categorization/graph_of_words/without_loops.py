def graph_of_words(tokens, window):
    """Leave out the pair of a word with itself."""
    nodes = list(dict.fromkeys(tokens))
    places = [nodes.index(token) for token in tokens]
    pairs = set()
    for step in range(1, window):
        for a, b in zip(places, places[step:], strict=False):
            if a != b:
                pairs.add((min(a, b), max(a, b)))
    return nodes, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
