def reconstruction_errors(data, mean, components):
    errors = []
    for k in range(len(components) + 1):
        back = mean + (data - mean) @ components[:k].T @ components[:k]
        errors.append(np.sqrt(((data - back) ** 2).mean(axis=1)).mean())
    return np.array(errors)
