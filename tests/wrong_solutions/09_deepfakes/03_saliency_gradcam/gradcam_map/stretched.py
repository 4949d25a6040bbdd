def gradcam_map(activations, gradients):
    activations, gradients = (np.asarray(a, np.float64) for a in (activations, gradients))
    if activations.shape != gradients.shape:
        raise ValueError(f"activations {activations.shape}, gradients {gradients.shape}")
    found = np.maximum(activations @ gradients.mean(axis=(0, 1)), 0)
    return found / max(found.max(), 1e-9)
