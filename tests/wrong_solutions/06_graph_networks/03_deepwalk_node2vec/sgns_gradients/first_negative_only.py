def sgns_gradients(centre, context, negatives):
    true = sigmoid((centre * context).sum(axis=1, keepdims=True)) - 1
    noise = sigmoid((negatives * centre[:, None]).sum(axis=2, keepdims=True))
    return true * context + noise[:, 0] * negatives[:, 0], true * centre, noise * centre[:, None]
