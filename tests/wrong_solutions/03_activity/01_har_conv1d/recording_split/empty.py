def recording_split(label, share, seed):
    return np.empty(0, np.int64)
