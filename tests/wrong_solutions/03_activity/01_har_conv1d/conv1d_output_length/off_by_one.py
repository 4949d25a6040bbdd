def conv1d_output_length(length, kernel, stride=1, padding="valid"):
    if padding == "same":
        return -(-length // stride)
    return (length - kernel) // stride
