def gradcam_map(activations, gradients):
    activations, gradients = (np.asarray(a, np.float64) for a in (activations, gradients))
    if activations.shape != gradients.shape:
        raise ValueError(f"activations {activations.shape}, gradients {gradients.shape}")
    return activations @ np.maximum(gradients.mean(axis=(0, 1)), 0)
