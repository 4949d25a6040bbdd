def reconstruction_errors(data, mean, components):
    centred = data - mean
    taken = ((centred @ components.T) ** 2).sum(axis=0)
    left = (centred**2).sum() - np.cumsum(taken)
    return np.sqrt(np.maximum(left, 0) / centred.size)
