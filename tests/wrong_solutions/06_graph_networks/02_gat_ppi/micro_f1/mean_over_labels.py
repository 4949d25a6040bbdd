"""Macro average: F1 of each label, then the mean."""


def micro_f1(logits, targets):
    said, true = np.asarray(logits) > 0, np.asarray(targets) > 0
    both = (said & true).sum(axis=0)
    either = said.sum(axis=0) + true.sum(axis=0)
    return float(np.mean(2 * both / np.maximum(either, 1)))
