def link_embedding(source, target, operator):
    return np.zeros((0, source.shape[1]), source.dtype)
