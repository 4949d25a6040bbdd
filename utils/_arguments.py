"""Refusals of arguments that a function cannot work with: ValueError with name and value."""

import operator
from numbers import Integral, Real
from typing import Any


def check_whole(least: int, **values: Any) -> None:
    """Refuse values, given by name, that are not whole numbers of at least ``least``."""
    for name, value in values.items():
        if not isinstance(value, Integral) or value < least:
            raise ValueError(f"{name}={value!r} is no whole number of at least {least}.")


def check_range(interval: str, **values: Any) -> None:
    """Refuse values, given by name, that are not numbers of an interval such as "(0, 1]"."""
    low, high = map(float, interval[1:-1].split(","))
    is_above = operator.ge if interval[0] == "[" else operator.gt
    is_below = operator.le if interval[-1] == "]" else operator.lt
    for name, value in values.items():
        if not (isinstance(value, Real) and is_above(value, low) and is_below(value, high)):
            raise ValueError(f"{name}={value!r} is no number in {interval}.")


def wrong_edges(shape: tuple[int | None, ...]) -> ValueError:
    """Return the refusal of edges of another shape than (2, n_edges)."""
    if 0 in shape:
        advice = "without edges, give np.zeros((2, 0), int)."
    elif len(shape) == 2 and shape[1] in (2, None):
        advice = "transpose them (edges.T)."
    else:
        advice = "np.stack([sources, targets]) makes it."
    return ValueError(
        f"edges have the shape (2, n_edges), sources over targets; got {shape}: {advice}"
    )
