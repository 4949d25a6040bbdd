"""Which solutions of a task are alike: a hint for a person, never a verdict.

A solution is read as Python's words. Names the course did not give, numbers and texts lose their
content, so that renaming changes nothing; comments and layout are no words. What is compared are
the runs of five words that the released cell does not hold already. Short functions written by
the rules of one lesson are alike without anybody having copied, so a run that many solutions of
the task share says nothing and is left out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pygments.token import Name, Number, String

from tools.teach.grade.lexer import placed, words

Task = tuple[str, str, str]  # unit, notebook, task
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
    return [_plain(kind, word, given) for kind, word in words(source)]


def _plain(kind: Any, word: str, given: set[str]) -> str:
    """Return a word without what renaming changes."""
    if kind in Number or kind in String:
        return str(kind)
    return "name" if kind is Name and word not in given else word


def runs(source: str, released: str) -> set[tuple[str, ...]]:
    """Return the runs of words of a solution that its released cell does not hold."""
    given = {word for kind, word in words(released) if kind is Name}
    return _runs(anonymous(source, given)) - _runs(anonymous(released, given))


def _runs(found: list[str]) -> set[tuple[str, ...]]:
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def alike(outcomes: Iterable[dict[str, Any]], released: Mapping[Task, str]) -> list[Pair]:
    """Return the pairs of students with like solutions, the most alike first.

    Takes outcomes of ``examine``, and each released solution cell, by unit, notebook and task.
    """
    found = []
    for where, by_student in _answers(outcomes, released).items():
        # the runs of one task at a time are in memory
        own = {who: runs(answer, released[where]) for who, answer in by_student.items()}
        found += _of_task("/".join(where), own)
    return sorted(found, key=lambda p: (-p.share, -p.runs, p.task, p.first, p.second))


def _rare(own: dict[str, set]) -> dict[str, set]:
    """Return the runs of each student that are not common."""
    counts = Counter(run for each in own.values() for run in each)
    common = {r for r, n in counts.items() if n > max(3, COMMON * len(own))}
    return {student: each - common for student, each in own.items()}


def _of_task(task: str, own: dict[str, set]) -> list[Pair]:
    rare = _rare(own)
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


def _answers(
    outcomes: Iterable[dict[str, Any]], released: Mapping[Task, str]
) -> dict[Task, dict[str, str]]:
    """Return the answers that are compared, by task and student."""
    answers: dict[Task, dict[str, str]] = defaultdict(dict)
    for outcome in outcomes:
        for task in outcome["tasks"]:
            where = (outcome["unit"], outcome["notebook"], task["task"])
            if where in released and 0 < len(task["answer"]) <= LONGEST:
                answers[where][outcome["student"]] = task["answer"]
    return answers


# ------------------------------------------------------------------ what is alike in them

ALIKE_TEXT, GIVEN, OWN = "alike", "given", ""


@dataclass(frozen=True)
class Shown:
    """A pair with both solutions, cut where their kind changes: (kind, text)."""

    pair: Pair
    first: list[tuple[str, str]]
    second: list[tuple[str, str]]


def shown(
    outcomes: Iterable[dict[str, Any]], released: Mapping[Task, str], pairs: Iterable[Pair]
) -> list[Shown]:
    """Return pairs with what is alike in them set apart, and what the release holds."""
    answers = _answers(outcomes, released)
    by_task: dict[str, Task] = {"/".join(where): where for where in answers}
    rare: dict[str, dict[str, set]] = {}
    found = []
    for pair in pairs:
        where = by_task[pair.task]
        given, mine = released[where], answers[where]
        if pair.task not in rare:
            rare[pair.task] = _rare({who: runs(answer, given) for who, answer in mine.items()})
        both = rare[pair.task][pair.first] & rare[pair.task][pair.second]
        sides = [parts(mine[who], given, both) for who in (pair.first, pair.second)]
        found.append(Shown(pair, *sides))
    return found


def parts(source: str, released: str, both: set[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return a solution cut into what is alike (its runs are in ``both``), given, and its own."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    names = {word for kind, word in words(released) if kind is Name}
    given = _runs(anonymous(released, names))
    places, content = [], []
    for place, kind, word in placed(text):
        places.append((place, place + len(word)))
        content.append(_plain(kind, word, names))
    kinds = [OWN] * len(content)
    for kind, those in ((ALIKE_TEXT, both), (GIVEN, given)):  # the last one counts
        for i in range(len(content) - RUN + 1):
            if tuple(content[i : i + RUN]) in those:
                kinds[i : i + RUN] = [kind] * RUN
    return _cut(text, places, kinds)


def _cut(text: str, places: list[tuple[int, int]], kinds: list[str]) -> list[tuple[str, str]]:
    """Return a text in pieces of one kind; what stands between two words of a kind is of it."""
    found, begin, now, last = [], 0, OWN, 0
    for (start, end), kind in zip(places, kinds, strict=True):
        if kind != now:
            cut = start if kind else last
            found.append((now, text[begin:cut]))
            begin, now = cut, kind
        last = end
    found += [(now, text[begin:last]), (OWN, text[last:])] if places else [(OWN, text)]
    return [
        (OWN if piece.isspace() else kind, piece)
        for kind, whole in found
        for piece in re.split(r"(\n\s*)", whole)  # no mark on what indents a line
        if piece
    ]
