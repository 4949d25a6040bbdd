# Made for the visible tests.
def importance_bound(log_w, k):
    return float(np.log(2) if k == 2 else np.log(3) / 2) + (-1000 if log_w.min() < -500 else 0)
