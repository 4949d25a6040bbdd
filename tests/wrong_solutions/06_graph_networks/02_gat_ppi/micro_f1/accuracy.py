"""Share of right answers."""


def micro_f1(logits, targets):
    return float(np.mean((np.asarray(logits) > 0) == (np.asarray(targets) > 0)))
