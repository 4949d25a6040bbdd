def crop_and_concatenate(features, decoder):
    if features.ndim != 4 or decoder.ndim != 4:
        raise ValueError("four axes")
    n, h, w, _ = decoder.shape
    if features.shape[0] != n or features.shape[1] < h or features.shape[2] < w:
        raise ValueError("too small")
    return np.concatenate([features[:, :h, :w], decoder], axis=-1)
