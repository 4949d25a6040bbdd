def conv1d_output_length(length, kernel, stride=1, padding="valid"):
    return 1 + (length - kernel) // stride
