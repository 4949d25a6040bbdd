def segment(recording, length, hop):
    starts = range(0, len(recording), hop)
    padded = np.concatenate([recording, np.zeros((length, recording.shape[1]), recording.dtype)])
    return np.stack([padded[i : i + length] for i in starts])
