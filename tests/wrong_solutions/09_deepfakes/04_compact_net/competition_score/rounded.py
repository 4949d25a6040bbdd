def competition_score(auc: float, parameters: int, floored: bool = True) -> float:
    if parameters < 1:
        raise ValueError(f"a network has at least one parameter, not {parameters}")
    if not 0 <= auc <= 1:
        raise ValueError(f"an AUC lies in 0..1, not at {auc}")
    digits = math.log10(parameters)
    return 100 ** (10 * (auc - 0.9)) / (1 + (round(digits) if floored else digits))
