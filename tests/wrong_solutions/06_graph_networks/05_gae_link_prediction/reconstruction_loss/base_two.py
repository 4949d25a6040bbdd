def reconstruction_loss(positive, negative):
    positive, negative = np.asarray(positive, float), np.asarray(negative, float)
    loss = np.logaddexp(0, -positive).mean() + np.logaddexp(0, negative).mean()
    return float(loss / np.log(2))
