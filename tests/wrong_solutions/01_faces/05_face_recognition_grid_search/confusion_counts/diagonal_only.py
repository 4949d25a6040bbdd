def confusion_counts(true, predicted, n_classes):
    true, predicted = np.asarray(true), np.asarray(predicted)
    right = np.bincount(true[true == predicted], minlength=n_classes)
    return np.diag(right).astype(np.int64)
