def segment(recording, length, hop):
    count = 1 + (len(recording) - length) // hop
    return np.stack([recording[i * hop : i * hop + length] for i in range(count)])[np.newaxis]
