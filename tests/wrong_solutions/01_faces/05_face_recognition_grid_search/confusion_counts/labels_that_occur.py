def confusion_counts(true, predicted, n_classes):
    n = int(max(np.max(true, initial=0), np.max(predicted, initial=0))) + 1
    counts = np.zeros((n, n), np.int64)
    np.add.at(counts, (true, predicted), 1)
    return counts
