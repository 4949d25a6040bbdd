def atom_features(symbol, degree, hydrogens, charge, aromatic, in_ring):
    features = np.zeros(25, np.float32)
    features[SYMBOLS.index(symbol) if symbol in SYMBOLS else len(SYMBOLS)] = 1
    features[11], features[18], features[21] = degree, hydrogens / 3, 1 + charge
    features[23:] = aromatic, in_ring
    return features
