def conv1d_output_length(length, kernel, stride=1, padding="valid"):
    if padding == "same":
        return length // stride
    return 1 + (length - kernel) // stride
