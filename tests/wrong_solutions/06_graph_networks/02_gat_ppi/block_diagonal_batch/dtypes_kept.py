"""Right numbers, but 64 bits."""


def block_diagonal_batch(features, edges):
    sizes = [len(rows) for rows in features]
    starts = np.cumsum([0] + sizes[:-1])
    moved = [np.asarray(e) + start for e, start in zip(edges, starts, strict=True)]
    ids = np.repeat(np.arange(len(sizes)), sizes)
    return np.concatenate(features), np.concatenate(moved, axis=1), ids
