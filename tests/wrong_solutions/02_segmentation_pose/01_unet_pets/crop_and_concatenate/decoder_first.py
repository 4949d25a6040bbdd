def crop_and_concatenate(features, decoder):
    if features.ndim != 4 or decoder.ndim != 4:
        raise ValueError("four axes")
    (n, tall, wide, _), (m, h, w, _) = features.shape, decoder.shape
    if n != m or tall < h or wide < w:
        raise ValueError("too small")
    top, left = (tall - h) // 2, (wide - w) // 2
    return np.concatenate([decoder, features[:, top : top + h, left : left + w]], axis=-1)
