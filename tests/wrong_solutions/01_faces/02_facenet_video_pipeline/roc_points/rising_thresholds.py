def roc_points(scores, labels):
    scores, labels = np.asarray(scores, dtype=np.float64), np.asarray(labels)
    called = scores[None, :] >= np.unique(scores)[:, None]
    false_alarms = (called & (labels == 0)).sum(axis=1) / np.sum(labels == 0)
    hits = (called & (labels == 1)).sum(axis=1) / np.sum(labels == 1)
    return np.stack([np.append(0.0, false_alarms), np.append(0.0, hits)])
