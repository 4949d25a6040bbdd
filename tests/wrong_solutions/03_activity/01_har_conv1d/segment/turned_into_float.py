def segment(recording, length, hop):
    if length > len(recording):
        raise ValueError("too long")
    count = 1 + (len(recording) - length) // hop
    return np.array([recording[i * hop : i * hop + length] for i in range(count)], np.float32)
