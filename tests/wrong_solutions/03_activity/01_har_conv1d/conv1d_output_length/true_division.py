def conv1d_output_length(length, kernel, stride=1, padding="valid"):
    if padding == "same":
        return np.ceil(length / stride)
    return np.floor((length - kernel) / stride) + 1
