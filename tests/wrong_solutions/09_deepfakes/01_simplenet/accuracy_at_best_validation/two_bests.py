def accuracy_at_best_validation(validation, test):
    best = int(np.argmax(validation))
    return float(max(validation)), float(max(test)), best + 1
