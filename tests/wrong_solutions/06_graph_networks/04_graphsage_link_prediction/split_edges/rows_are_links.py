def split_edges(edges, n_validation, n_test, seed):
    ordered = np.sort(edges, axis=0)
    links = ordered[:, ordered[0] < ordered[1]]
    links = np.unique(links, axis=1).astype(np.int64)
    shuffled = links[:, np.random.default_rng(seed).permutation(links.shape[1])]
    cuts = [n_validation, n_validation + n_test]
    validation, test, train = np.split(shuffled, cuts, axis=1)
    return train.T, validation.T, test.T
