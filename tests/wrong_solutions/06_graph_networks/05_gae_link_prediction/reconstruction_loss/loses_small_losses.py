def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    largest = np.maximum(0, -positive), np.maximum(0, negative)
    powers = np.exp(-np.abs(positive)), np.exp(-np.abs(negative))
    return float(sum((m + np.log(1 + p)).mean() for m, p in zip(largest, powers, strict=True)))
