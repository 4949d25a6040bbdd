def roc_points(scores, labels):
    scores, labels = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    called = scores[None, :] >= np.unique(scores)[::-1][:, None]
    false_alarms = (called & (labels == 0)).mean(axis=1)
    hits = (called & (labels == 1)).mean(axis=1)
    return np.stack([np.append(0.0, false_alarms), np.append(0.0, hits)])
