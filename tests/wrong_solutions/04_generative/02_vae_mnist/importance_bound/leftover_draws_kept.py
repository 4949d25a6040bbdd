# The last group is not full.
def importance_bound(log_w, k):
    cuts = [log_w[i : i + k] for i in range(0, len(log_w), k)]
    bounds = [np.logaddexp.reduce(c, axis=0) - np.log(len(c)) for c in cuts]
    return float(np.mean(bounds))
