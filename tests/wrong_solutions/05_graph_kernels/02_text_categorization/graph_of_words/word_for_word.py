def graph_of_words(tokens, window):
    """Make a node of every position, not of every different word."""
    pairs = [(i, j) for i in range(len(tokens)) for j in range(i + 1, min(i + window, len(tokens)))]
    return list(tokens), np.array(pairs, dtype=np.int64).reshape(-1, 2)
