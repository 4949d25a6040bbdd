def conv1d_output_length(length, kernel, stride=1, padding="valid"):
    return length if padding == "same" else length - kernel + 1
