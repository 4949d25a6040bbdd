"""Returns one row an edge."""


def block_diagonal_batch(features, edges):
    sizes = [len(rows) for rows in features]
    starts = np.cumsum([0] + sizes[:-1])
    moved = [np.asarray(e) + start for e, start in zip(edges, starts, strict=True)]
    return (
        np.concatenate(features).astype(np.float32),
        np.concatenate(moved, axis=1).T.astype(np.int32),
        np.repeat(np.arange(len(sizes)), sizes).astype(np.int32),
    )
