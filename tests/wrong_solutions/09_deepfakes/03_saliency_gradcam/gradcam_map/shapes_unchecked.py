def gradcam_map(activations, gradients):
    channels = min(activations.shape[-1], gradients.shape[-1])
    alpha = np.asarray(gradients, np.float64)[..., :channels].mean(axis=(0, 1))
    return np.maximum(np.asarray(activations, np.float64)[..., :channels] @ alpha, 0)
