def confusion_counts(true, predicted, n_classes):
    pair = np.asarray(true, np.int64) * n_classes + np.asarray(predicted, np.int64)
    counted = np.bincount(pair, minlength=n_classes**2).astype(np.int64)
    return counted.reshape(1, n_classes, n_classes)
