# Tunes batch normalisation as well.
def layers_to_tune(listed, blocks):
    ends = [i for i, (name, _) in enumerate(listed) if name[:5] == "mixed" and name[5:].isdigit()]
    below = len(ends) - blocks
    first = ends[below - 1] + 1 if below > 0 else 0
    return [
        name for name, kind in listed[first:] if kind in ("Conv2D", "Dense", "BatchNormalization")
    ]
