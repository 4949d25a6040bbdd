"""The criteria of a rubric, read from the words in which an open question states it."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBERS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
AMOUNT = rf"(?:\d+(?:\.\d+)?|{'|'.join(NUMBERS)})"
# "1 point for seeing that ...", "one for (b) ...", "and one for ...", "1 point: ..."
CRITERION = re.compile(
    rf"(?:^|[;.,:]\s+|\sand\s+)(?:and\s+)?(?P<points>{AMOUNT})"
    r"(?:\s+points?)?(?=\s*:|\s+(?:for|if)\b)\s*:?\s*",
    re.I,
)
EACH = re.compile(rf"\A(?P<points>{AMOUNT}) points? each\b[^(]*(?=\(a\))", re.I)
PART = re.compile(r"(?:\A|;\s+(?:and\s+)?|[.:]\s+)(?=\([a-h]\)\s)")


@dataclass(frozen=True)
class Criterion:
    """One part of a rubric."""

    text: str
    points: float  # the most that it gives


def criteria_of(question: str, of: float) -> list[Criterion]:
    """Return the criteria of the rubric that a question's text states.

    Returns none where it states none, or where what was read does not add up to ``of``, the points
    of the question: then the words stand for themselves.
    """
    _, there, rubric = question.rpartition("Rubric")
    plain = re.sub(r"\A, \d+ points?[:.]", "", " ".join(rubric.split())).strip(" .:*")
    found = _each(plain) or _listed(plain)
    whole = there and len(found) > 1 and sum(each.points for each in found) == of
    return found if whole else []


def _each(rubric: str) -> list[Criterion]:
    """Read ``1 point each for (a) ...; (b) ...``."""
    if not (head := EACH.match(rubric)):
        return []
    parts = [part for part in PART.split(rubric[head.end() :]) if part]
    return [Criterion(_tidy(part), _number(head["points"])) for part in parts]


def _listed(rubric: str) -> list[Criterion]:
    """Read ``1 point for ...; 2 points for ...``."""
    heads = list(CRITERION.finditer(rubric))
    ends = [*(head.start() for head in heads[1:]), len(rubric)]
    return [
        Criterion(_tidy(rubric[head.end() : end]), _number(head["points"]))
        for head, end in zip(heads, ends, strict=False)
    ]


def _tidy(text: str) -> str:
    return re.sub(r"\A(?:for|if)\b:?\s*", "", text.strip(" ;.,"))


def _number(text: str) -> float:
    return NUMBERS.get(text.lower()) or float(text)
