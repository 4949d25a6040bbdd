def sage_mean(features, edges, kernel_self, kernel_neighbours, bias):
    sources, targets = edges
    said = features @ kernel_neighbours
    total = np.zeros_like(said)
    np.add.at(total, targets, said[sources])
    mean = total / max(len(targets), 1)
    return features @ kernel_self + mean + bias
