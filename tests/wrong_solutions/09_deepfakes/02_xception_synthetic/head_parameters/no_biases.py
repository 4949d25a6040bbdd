def head_parameters(widths: list[int]) -> int:
    return sum(widths[i] * widths[i + 1] for i in range(len(widths) - 1))
