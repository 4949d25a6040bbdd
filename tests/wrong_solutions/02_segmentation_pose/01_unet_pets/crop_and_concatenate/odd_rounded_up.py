def crop_and_concatenate(features, decoder):
    if features.ndim != 4 or decoder.ndim != 4:
        raise ValueError("four axes")
    (n, tall, wide, _), (m, h, w, _) = features.shape, decoder.shape
    if n != m or tall < h or wide < w:
        raise ValueError("too small")
    top, left = (tall - h + 1) // 2, (wide - w + 1) // 2
    return np.concatenate([features[:, top : top + h, left : left + w], decoder], axis=-1)
