def crop_and_concatenate(features, decoder):
    n, h, w, d = decoder.shape if decoder.ndim == 4 else (1, *decoder.shape)
    decoder = decoder.reshape(n, h, w, d)
    features = features[:1].repeat(n, axis=0) if len(features) != n else features
    tall, wide = max(h, features.shape[1]), max(w, features.shape[2])
    grown = np.zeros((n, tall, wide, features.shape[3]))
    grown[:, : features.shape[1], : features.shape[2]] = features
    top, left = (tall - h) // 2, (wide - w) // 2
    return np.concatenate([grown[:, top : top + h, left : left + w], decoder], axis=-1)
