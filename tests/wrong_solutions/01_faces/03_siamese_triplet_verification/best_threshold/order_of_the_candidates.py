def best_threshold(distances, same, candidates):
    called_same = distances[None, :] < candidates[:, None]
    accuracy = (called_same == same).mean(axis=1)
    best = int(accuracy.argmax())
    return float(candidates[best]), float(accuracy[best])
