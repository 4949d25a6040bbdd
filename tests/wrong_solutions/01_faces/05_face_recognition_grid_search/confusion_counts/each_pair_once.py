def confusion_counts(true, predicted, n_classes):
    counts = np.zeros((n_classes, n_classes), np.int64)
    counts[true, predicted] += 1
    return counts
