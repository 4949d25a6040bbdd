def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    both = np.concatenate([np.logaddexp(0, -positive), np.logaddexp(0, negative)])
    return float(2 * both.mean())
