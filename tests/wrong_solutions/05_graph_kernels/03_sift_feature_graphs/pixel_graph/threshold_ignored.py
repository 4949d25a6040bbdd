def pixel_graph(image, threshold=0):
    """Take every pixel with any ink."""
    ink = np.asarray(image) > 0
    positions = np.argwhere(ink).astype(np.int64)
    number = np.cumsum(ink).reshape(ink.shape) - 1
    across, down = ink[:, :-1] & ink[:, 1:], ink[:-1] & ink[1:]
    pairs = [
        np.stack([number[:, :-1][across], number[:, 1:][across]]),
        np.stack([number[:-1][down], number[1:][down]]),
    ]
    pairs = np.concatenate(pairs, axis=1)
    edges = np.concatenate([pairs, pairs[::-1]], axis=1)
    return positions, edges[:, np.lexsort(edges)].astype(np.int64)
