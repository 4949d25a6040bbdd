# That is the ELBO, whatever k.
def importance_bound(log_w, k):
    groups = log_w[: len(log_w) // k * k].reshape(-1, k, log_w.shape[1])
    return float(groups.mean())
