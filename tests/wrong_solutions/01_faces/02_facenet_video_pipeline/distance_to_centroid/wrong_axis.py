def distance_to_centroid(embeddings):
    embeddings = np.asarray(embeddings, dtype=np.float64)
    return np.linalg.norm(embeddings - embeddings.mean(axis=1, keepdims=True), axis=1)
