"""F1 of each node, then the mean."""


def micro_f1(logits, targets):
    said, true = np.asarray(logits) > 0, np.asarray(targets) > 0
    both = (said & true).sum(axis=1)
    either = said.sum(axis=1) + true.sum(axis=1)
    return float(np.mean(2 * both / np.maximum(either, 1)))
