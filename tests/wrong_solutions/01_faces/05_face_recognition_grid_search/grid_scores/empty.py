def grid_scores(x, labels, fold, is_copy, cells, components):
    return np.empty((len(cells), 0))
