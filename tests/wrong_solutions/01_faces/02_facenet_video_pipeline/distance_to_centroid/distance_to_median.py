def distance_to_centroid(embeddings):
    embeddings = np.asarray(embeddings, dtype=np.float64)
    if len(embeddings) == 0:
        return np.empty(0)
    return np.linalg.norm(embeddings - np.median(embeddings, axis=0), axis=1)
