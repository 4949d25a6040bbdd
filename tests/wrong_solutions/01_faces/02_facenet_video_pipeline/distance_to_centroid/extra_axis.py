def distance_to_centroid(embeddings):
    embeddings = np.asarray(embeddings, dtype=np.float64)
    if len(embeddings) == 0:
        return np.empty((0, 1))
    return np.linalg.norm(embeddings - embeddings.mean(axis=0), axis=1, keepdims=True)
