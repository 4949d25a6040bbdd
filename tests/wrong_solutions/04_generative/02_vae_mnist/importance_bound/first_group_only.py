# The other groups are left out.
def importance_bound(log_w, k):
    return float((np.logaddexp.reduce(log_w[:k], axis=0) - np.log(k)).mean())
