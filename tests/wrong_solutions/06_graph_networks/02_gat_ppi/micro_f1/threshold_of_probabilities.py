"""Compares logits with one half, as if they were probabilities."""


def micro_f1(logits, targets):
    said, true = np.asarray(logits) > 0.5, np.asarray(targets) > 0
    either = int(said.sum()) + int(true.sum())
    return 2 * int((said & true).sum()) / either if either else 0.0
