def atom_features(symbol, degree, hydrogens, charge, aromatic, in_ring):
    features = np.zeros(25, np.float32)
    element = SYMBOLS.index(symbol) if symbol in SYMBOLS else len(SYMBOLS)
    features[[element, 10 + degree, 15 + hydrogens, 21 + np.sign(charge)]] = 1
    features[23:] = aromatic, in_ring
    return features
