def distance_to_centroid(embeddings):
    embeddings = np.asarray(embeddings, dtype=np.float64)
    if len(embeddings) == 0:
        return np.empty(0)
    return ((embeddings - embeddings.mean(axis=0)) ** 2).sum(axis=1)
