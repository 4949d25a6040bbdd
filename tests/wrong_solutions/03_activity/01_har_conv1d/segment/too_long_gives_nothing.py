def segment(recording, length, hop):
    starts = range(0, len(recording) - length + 1, hop)
    windows = [recording[i : i + length] for i in starts]
    return np.array(windows, recording.dtype).reshape(len(windows), length, recording.shape[1])
