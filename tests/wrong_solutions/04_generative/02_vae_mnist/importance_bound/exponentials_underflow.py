# exp(-1000) is 0.
def importance_bound(log_w, k):
    groups = log_w[: len(log_w) // k * k].reshape(-1, k, log_w.shape[1])
    with np.errstate(divide="ignore"):
        return float(np.log(np.exp(groups).mean(axis=1)).mean())
