def sage_mean(features, edges, kernel_self, kernel_neighbours, bias):
    sources, targets = edges
    said = features @ kernel_neighbours
    total = np.zeros_like(said)
    np.add.at(total, targets, said[sources])
    count = np.bincount(targets, minlength=len(features)).astype(features.dtype)
    mean = total / np.maximum(count, 1)[:, np.newaxis]
    return (features @ kernel_self + mean + bias) * (count > 0)[:, np.newaxis]
