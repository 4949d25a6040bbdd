def segment(recording, length, hop):
    count = len(recording) // length
    return recording[: count * length].reshape(count, length, -1)
