def best_threshold(distances, same, candidates):
    candidates = np.sort(candidates)
    called_same = distances[None, :] < candidates[:, None]
    accuracy = (called_same == same).mean(axis=1)
    best = len(candidates) - 1 - int(accuracy[::-1].argmax())
    return float(candidates[best]), float(accuracy[best])
