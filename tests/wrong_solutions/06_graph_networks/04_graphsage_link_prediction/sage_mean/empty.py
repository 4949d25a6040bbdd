def sage_mean(features, edges, kernel_self, kernel_neighbours, bias):
    return np.zeros((0, len(bias)), features.dtype)
