def competition_score(auc: float, parameters: int, floored: bool = True) -> float:
    digits = math.log10(max(parameters, 1))
    return 100 ** (10 * (auc - 0.9)) / (1 + (math.floor(digits) if floored else digits))
