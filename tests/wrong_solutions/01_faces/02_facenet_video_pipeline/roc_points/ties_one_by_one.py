def roc_points(scores, labels):
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    labels = np.asarray(labels)[order]
    hits = np.cumsum(labels == 1) / np.sum(labels == 1)
    false_alarms = np.cumsum(labels == 0) / np.sum(labels == 0)
    return np.stack([np.append(0.0, false_alarms), np.append(0.0, hits)])
