def conv_block_parameters(channels, filters, kernel=3):
    total = 0
    for count in filters:
        total += kernel * kernel * channels * count
        channels = count
    return total + 4 * channels, total + 2 * channels
