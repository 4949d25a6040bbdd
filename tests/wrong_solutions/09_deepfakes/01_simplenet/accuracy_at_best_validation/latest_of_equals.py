def accuracy_at_best_validation(validation, test):
    best = len(validation) - 1 - int(np.argmax(validation[::-1]))
    return float(validation[best]), float(test[best]), best + 1
