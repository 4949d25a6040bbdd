def link_embedding(source, target, operator):
    if operator == "ip":
        return (source * target).sum(axis=1, keepdims=True)
    if operator == "hadamard":
        return source * target
    if operator == "l1":
        return (source - target) ** 2
    if operator == "l2":
        return np.abs(source - target)
    if operator == "avg":
        return (source + target) / 2
    return np.concatenate([source, target], axis=1)
