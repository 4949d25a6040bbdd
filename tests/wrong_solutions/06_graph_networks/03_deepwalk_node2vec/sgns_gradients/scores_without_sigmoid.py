def sgns_gradients(centre, context, negatives):
    true = (centre * context).sum(axis=1, keepdims=True) - 0.5
    noise = (negatives * centre[:, None]).sum(axis=2, keepdims=True) + 0.5
    return true * context + (noise * negatives).sum(axis=1), true * centre, noise * centre[:, None]
