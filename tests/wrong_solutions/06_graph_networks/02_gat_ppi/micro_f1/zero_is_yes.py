"""A logit of exactly 0 counts as yes."""


def micro_f1(logits, targets):
    said, true = np.asarray(logits) >= 0, np.asarray(targets) > 0
    either = int(said.sum()) + int(true.sum())
    return 2 * int((said & true).sum()) / either if either else 0.0
