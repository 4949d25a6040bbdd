def conv_block_parameters(channels, filters, kernel=3):
    total = sum(kernel * kernel * channels * count + count for count in filters)
    return total + 4 * filters[-1], total + 2 * filters[-1]
