# Sorts the blocks' names as text, so that mixed10 stands before mixed2.
def layers_to_tune(listed, blocks):
    names = [name for name, _ in listed]
    mixed = sorted(n for n in names if n[:5] == "mixed" and n[5:].isdigit())
    below = len(mixed) - blocks
    first = names.index(mixed[below - 1]) + 1 if below > 0 else 0
    return [name for name, kind in listed[first:] if kind in ("Conv2D", "Dense")]
