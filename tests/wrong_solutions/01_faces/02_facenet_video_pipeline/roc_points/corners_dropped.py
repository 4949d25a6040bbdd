from sklearn.metrics import roc_curve


def roc_points(scores, labels):
    false_alarms, hits, _ = roc_curve(labels, scores, drop_intermediate=True)
    return np.stack([false_alarms, hits])
