import numpy as np


def saliency_from_gradient(gradients, classes, probabilities=None):
    every = np.arange(len(classes))
    asked = gradients[every, classes]
    if probabilities is not None:
        asked = asked - np.einsum("nk,nkhwc->nhwc", probabilities, gradients)
    return np.abs(asked).max(axis=-1)
