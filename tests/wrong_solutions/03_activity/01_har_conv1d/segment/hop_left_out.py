def segment(recording, length, hop):
    count = 1 + (len(recording) - length) // hop
    return np.stack([recording[i : i + length] for i in range(count)])
