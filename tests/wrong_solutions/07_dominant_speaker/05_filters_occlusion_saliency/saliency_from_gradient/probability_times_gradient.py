import numpy as np


def saliency_from_gradient(gradients, classes, probabilities=None):
    every = np.arange(len(classes))
    asked = gradients[every, classes]
    if probabilities is not None:
        asked = probabilities[every, classes][:, None, None, None] * asked
    return np.abs(asked).max(axis=-1)
