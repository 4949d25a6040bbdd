"""Counts graphs from 1."""


def block_diagonal_batch(features, edges):
    sizes = [len(rows) for rows in features]
    starts = np.cumsum([0] + sizes[:-1])
    moved = [np.asarray(e) + start for e, start in zip(edges, starts, strict=True)]
    return (
        np.concatenate(features).astype(np.float32),
        np.concatenate(moved, axis=1).astype(np.int32),
        np.repeat(np.arange(len(sizes)) + 1, sizes).astype(np.int32),
    )
