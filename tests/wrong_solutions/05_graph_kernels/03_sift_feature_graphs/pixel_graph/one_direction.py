def pixel_graph(image, threshold=0):
    """List each pair once."""
    ink = np.asarray(image) > threshold
    positions = np.argwhere(ink).astype(np.int64)
    number = np.cumsum(ink).reshape(ink.shape) - 1
    across, down = ink[:, :-1] & ink[:, 1:], ink[:-1] & ink[1:]
    pairs = [
        np.stack([number[:, :-1][across], number[:, 1:][across]]),
        np.stack([number[:-1][down], number[1:][down]]),
    ]
    pairs = np.concatenate(pairs, axis=1)
    return positions, pairs[:, np.lexsort(pairs)].astype(np.int64)
