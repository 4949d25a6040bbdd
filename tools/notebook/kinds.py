"""Of which kind an answer is, and what a test must make of one of another kind.

One rule holds for every task: an array is no list, a list no tuple, and a number may be Python's or
NumPy's. The self-test changes the solutions' answers to see that each test holds it, in the part
that students see: what only a hidden test refuses would surprise them after they have handed in.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

Place = tuple[int | str, ...]  # of a part: places in tuples, EACH for all of a list or a dict
EACH = "*"
# Students read it in the assignment sheet of a release, and in README.md.
RULE = (
    "Return the kind that the docstring names: a NumPy array where it gives a shape or says array "
    "(`np.array` makes one of a list), a list where it says list, a tuple where it names several "
    "values, as `return a, b` does. A data frame or a series is never due, a tensor only where the "
    "docstring says tensor. NumPy's numbers count as Python's. The visible tests refuse every kind "
    "of answer that the hidden ones refuse."
)


class Change(NamedTuple):
    """What becomes of a part of an answer, and what a test makes of it.

    ``refused``: the visible test must fail; ``taken``: the whole test must pass. With neither, what
    the visible part takes, the hidden one takes as well.
    """

    applies: Callable[[Any], bool]
    made: Callable[[Any], Any]
    refused: bool = False
    taken: bool = False


def is_number(value: Any) -> bool:
    """Say whether a value is a number, Python's or NumPy's."""
    return isinstance(value, (bool, int, float, np.bool_, np.number))


CHANGES = {
    "a list for an array": Change(
        lambda v: isinstance(v, np.ndarray) and v.ndim > 0, lambda v: v.tolist(), refused=True
    ),
    "a tuple for a list": Change(lambda v: type(v) is list, tuple, refused=True),
    "a list for a tuple": Change(lambda v: type(v) is tuple, list, refused=True),
    "NumPy's number": Change(is_number, lambda v: np.asarray(v)[()], taken=True),
    "a number in an array of no dimension": Change(is_number, np.asarray, taken=True),
    "a number in an array of one": Change(is_number, lambda v: np.asarray([v])),
    "an int for a float": Change(
        lambda v: isinstance(v, (float, np.floating)) and float(v).is_integer(), int
    ),
    "a float for an int": Change(
        lambda v: isinstance(v, (int, np.integer)) and not isinstance(v, bool), float
    ),
}

met: dict[tuple[Place, str], None] = {}  # what recorded answers held, in order; clear it before


def recorded(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that notes in ``met`` which changes its answers allow, and where."""

    @functools.wraps(function)
    def noted(*args: Any, **keywords: Any) -> Any:
        answer = function(*args, **keywords)
        met.update(dict.fromkeys(places(answer)))
        return answer

    return noted


def changed(function: Callable[..., Any], place: Place, change: str) -> Callable[..., Any]:
    """Return a function whose answers are changed at one place, wherever that is possible."""

    @functools.wraps(function)
    def other(*args: Any, **keywords: Any) -> Any:
        return replaced(function(*args, **keywords), place, CHANGES[change])

    return other


def silent(function: Callable[..., Any], error: str) -> Callable[..., Any]:
    """Return a function that returns None where it should raise an error of that name."""

    @functools.wraps(function)
    def other(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except Exception as raised:
            if type(raised).__name__ != error:
                raise
            return None

    return other


def places(answer: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each place of an answer with each change that it allows."""
    yield from ((place, name) for name, change in CHANGES.items() if change.applies(answer))
    if isinstance(answer, tuple):
        for i, part in enumerate(answer):
            yield from places(part, (*place, i))
    elif isinstance(answer, (list, dict)):
        for part in answer.values() if isinstance(answer, dict) else answer:
            yield from places(part, (*place, EACH))


def replaced(answer: Any, place: Place, change: Change) -> Any:
    """Return an answer with what stands at a place changed; as it is where nothing stands there."""
    if not place:
        return change.made(answer) if change.applies(answer) else answer
    first, *rest = place
    if isinstance(answer, tuple) and first != EACH:
        parts = enumerate(answer)
        return tuple(replaced(v, tuple(rest), change) if i == first else v for i, v in parts)
    if isinstance(answer, list) and first == EACH:
        return [replaced(part, tuple(rest), change) for part in answer]
    if isinstance(answer, dict) and first == EACH:
        return {key: replaced(part, tuple(rest), change) for key, part in answer.items()}
    return answer


def in_words(place: Place) -> str:
    """Return a place as a finding names it: ``answer[0]``, or ``each of answer[0]``."""
    told = "answer"
    for step in place:
        told = f"each of {told}" if step == EACH else f"{told}[{step}]"
    return told
