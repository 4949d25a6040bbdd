def grid_scores(x, labels, fold, is_copy, cells, components):
    n_folds = int(np.max(fold)) + 1
    scores = np.zeros((len(cells), n_folds))
    for k in range(n_folds):
        fit = fold != k
        originals = fit & ~is_copy
        asked = (fold == k) & ~is_copy
        pca = new_pca(min(components, int(fit.sum()) - 1)).fit(x[fit])
        z_fit, z_asked = pca.transform(x[originals]), pca.transform(x[asked])
        for row, cell in enumerate(cells):
            answers = machine(*cell).fit(z_fit, labels[originals]).predict(z_asked)
            scores[row, k] = np.mean(answers == labels[asked])
    return scores
