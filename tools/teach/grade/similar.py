"""Which solutions of a task are alike: a hint for a person, never a verdict.

A solution is read as Python's words. Names the course did not give, numbers and texts lose their
content, so that renaming changes nothing; comments and layout are no words. What is compared are
the runs of five words that the released cell does not hold already. Short functions written by
the rules of one lesson are alike without anybody having copied, so a run that many solutions of
the task share says nothing and is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pygments.token import Name, Number, String

from tools.teach.grade.lexer import words

RUN = 5  # words
LONGEST = 20_000  # characters; what is longer is not compared, and said to be so
LEAST = 12  # runs of its own that a solution needs to be compared at all
COMMON = 0.2  # share of the solutions from which on a run is nobody's own (at least 3 solutions)
ALIKE = 0.8  # share of the runs of the shorter one that both have


@dataclass(frozen=True)
class Pair:
    """Two students whose solutions of one task are alike."""

    task: str
    first: str
    second: str
    share: float
    runs: int


def anonymous(source: str, given: set[str]) -> list[str]:
    """Return the words with names that the course did not give, numbers and texts alike."""
    found = []
    for kind, word in words(source):
        if kind in Number or kind in String:
            found.append(str(kind))
        else:
            found.append("name" if kind is Name and word not in given else word)
    return found


def runs(source: str, released: str) -> set[tuple[str, ...]]:
    """Return the runs of words of a solution that its released cell does not hold."""
    given = {word for kind, word in words(released) if kind is Name}
    return _runs(anonymous(source, given)) - _runs(anonymous(released, given))


def _runs(found: list[str]) -> set[tuple[str, ...]]:
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def alike(
    outcomes: Iterable[dict[str, Any]], released: dict[tuple[str, str, str], str]
) -> list[Pair]:
    """Return the pairs of students with like solutions, the most alike first.

    Takes outcomes of ``examine``, and each released solution cell, by unit, notebook and task.
    """
    answers: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for outcome in outcomes:
        for task in outcome["tasks"]:
            where = (outcome["unit"], outcome["notebook"], task["task"])
            if where in released and 0 < len(task["answer"]) <= LONGEST:
                answers[where][outcome["student"]] = task["answer"]
    found = []
    for where, by_student in answers.items():  # the runs of one task at a time are in memory
        own = {who: runs(answer, released[where]) for who, answer in by_student.items()}
        found += _of_task("/".join(where), own)
    return sorted(found, key=lambda p: (-p.share, -p.runs, p.task, p.first, p.second))


def _of_task(task: str, own: dict[str, set]) -> list[Pair]:
    counts = Counter(run for each in own.values() for run in each)
    common = {r for r, n in counts.items() if n > max(3, COMMON * len(own))}
    rare = {student: each - common for student, each in own.items()}
    holders = defaultdict(list)
    for student in sorted(rare):
        if len(rare[student]) >= LEAST:
            for run in rare[student]:
                holders[run].append(student)
    both = Counter(pair for students in holders.values() for pair in combinations(students, 2))
    pairs = []
    for (first, second), n in both.items():
        share = n / min(len(rare[first]), len(rare[second]))
        if share >= ALIKE:
            pairs.append(Pair(task, first, second, share, n))
    return pairs
