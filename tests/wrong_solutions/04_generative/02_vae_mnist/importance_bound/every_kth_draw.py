# Groups are not of consecutive draws.
def importance_bound(log_w, k):
    n = len(log_w) // k
    groups = log_w[: n * k].reshape(k, n, -1)
    return float((np.logaddexp.reduce(groups, axis=0) - np.log(k)).mean())
