def confusion_counts(true, predicted, n_classes):
    true, predicted = np.asarray(true), np.asarray(predicted)
    pair = true * true.dtype.type(n_classes) + predicted
    counted = np.bincount(pair, minlength=n_classes**2)[: n_classes**2].astype(np.int64)
    return counted.reshape(n_classes, n_classes)
