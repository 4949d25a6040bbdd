def accuracy_at_best_validation(validation, test):
    best = int(np.argmax(validation))
    return float(validation[best]), float(test[best]), best
