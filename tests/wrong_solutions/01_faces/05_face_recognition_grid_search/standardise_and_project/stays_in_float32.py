def standardise_and_project(pictures, mean, components, variances):
    coordinates = (pictures - mean) @ components.T
    spread = np.sqrt(variances)
    return np.divide(coordinates, spread, out=np.zeros_like(coordinates), where=spread > 0)
