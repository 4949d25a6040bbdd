def atom_features(symbol, degree, hydrogens, charge, aromatic, in_ring):
    features = np.zeros(25, np.float32)
    if symbol in SYMBOLS:
        features[SYMBOLS.index(symbol)] = 1
    features[[10 + min(degree, 4), 15 + min(hydrogens, 4), 21 + np.sign(charge)]] = 1
    features[23:] = aromatic, in_ring
    return features
