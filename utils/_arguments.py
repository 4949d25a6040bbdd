"""Refusals of numbers that a function cannot work with: ValueError with their name and value."""

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
