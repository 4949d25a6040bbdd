def pixel_graph(image, threshold=0):
    """Join each pixel with ink to the next one in reading order, over the ends of rows."""
    ink = np.asarray(image) > threshold
    width, flat = ink.shape[1], ink.ravel()
    number = np.cumsum(flat) - 1
    pairs = []
    for step in (1, width):
        at = np.flatnonzero(flat[:-step] & flat[step:])
        pairs.append(np.stack([number[at], number[at + step]]))
    pairs = np.concatenate(pairs, axis=1)
    edges = np.concatenate([pairs, pairs[::-1]], axis=1)
    return np.argwhere(ink).astype(np.int64), edges[:, np.lexsort(edges)].astype(np.int64)
