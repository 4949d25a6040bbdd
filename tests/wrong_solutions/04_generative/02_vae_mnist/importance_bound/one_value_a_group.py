# Not the mean over groups.
def importance_bound(log_w, k):
    groups = log_w[: len(log_w) // k * k].reshape(-1, k, log_w.shape[1])
    return (np.logaddexp.reduce(groups, axis=1) - np.log(k)).mean(axis=1)
