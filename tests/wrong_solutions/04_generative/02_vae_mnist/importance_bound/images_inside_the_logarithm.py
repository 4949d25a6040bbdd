# One bound of all images together.
def importance_bound(log_w, k):
    groups = log_w[: len(log_w) // k * k].reshape(-1, k, log_w.shape[1])
    both = np.logaddexp.reduce(np.logaddexp.reduce(groups, axis=1), axis=1)
    return float((both - np.log(k * log_w.shape[1])).mean())
