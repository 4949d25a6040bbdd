# ln k is forgotten.
def importance_bound(log_w, k):
    groups = log_w[: len(log_w) // k * k].reshape(-1, k, log_w.shape[1])
    return float(np.logaddexp.reduce(groups, axis=1).mean())
