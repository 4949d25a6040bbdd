def graph_of_words(tokens, window):
    """Give a loop to a word that follows itself at once, not to one two places on."""
    nodes = list(dict.fromkeys(tokens))
    places = [nodes.index(token) for token in tokens]
    pairs = set()
    for step in range(1, window):
        for a, b in zip(places, places[step:], strict=False):
            if a != b or step == 1:
                pairs.add((min(a, b), max(a, b)))
    return nodes, np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
