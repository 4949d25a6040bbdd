def segment(recording, length, hop):
    view = np.lib.stride_tricks.sliding_window_view(recording, length, axis=0)
    return view[::hop]
