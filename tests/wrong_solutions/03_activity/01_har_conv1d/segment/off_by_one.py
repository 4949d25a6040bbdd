def segment(recording, length, hop):
    count = (len(recording) - length) // hop
    return np.stack([recording[i * hop : i * hop + length] for i in range(max(count, 1))])
