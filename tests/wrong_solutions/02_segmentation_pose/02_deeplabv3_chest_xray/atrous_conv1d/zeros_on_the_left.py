def atrous_conv1d(signal, kernel, rate, padding="valid"):
    lost = rate * (len(kernel) - 1)
    if padding == "same":
        signal = np.pad(signal, (lost - lost // 2, lost // 2))
    length = max(len(signal) - lost, 0)
    result = np.zeros(length)
    for j, weight in enumerate(kernel):
        result += weight * signal[rate * j : rate * j + length]
    return result
