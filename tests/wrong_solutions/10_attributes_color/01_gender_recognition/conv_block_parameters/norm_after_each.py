def conv_block_parameters(channels, filters, kernel=3):
    total = trained = 0
    for count in filters:
        weights = kernel * kernel * channels * count + count
        total, trained, channels = total + weights + 4 * count, trained + weights + 2 * count, count
    return total, trained
