def wl_relabel(labels, edges):
    """Number sights in the order in which they are met."""
    own = labels.tolist()
    near = [[] for _ in own]
    for a, b in edges.tolist():
        near[a].append(own[b])
        if a != b:
            near[b].append(own[a])
    sights = [(label, *sorted(around)) for label, around in zip(own, near, strict=True)]
    rank = {sight: number for number, sight in enumerate(dict.fromkeys(sights))}
    return np.array([rank[sight] for sight in sights], dtype=np.int64)
