"""What marks say of tasks, groups and hand-ins, for the overview: numbers alone.

``items`` are the tasks with their difficulty and discrimination. The latter is the corrected
item-total correlation: Pearson's r between the points of a task and the share of points in all
other tasks, over the students who have both. It says nothing where few do, or all have the same.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from tools.teach.grade.clock import DAY, Zone, days_begun, on_clock
from tools.teach.grade.rows import Row
from tools.teach.grade.totals import Total, Where

LEAST = 10  # students, from which on a correlation is told
EARLY = 5  # days before the due date that have a bar of their own
LATE = 3  # and so after it
DATES = 7  # bars of days where there is no due date


@dataclass(frozen=True)
class Item:
    """One task over the students who handed it in and have a mark for it."""

    name: str
    of: float
    number: int  # Students
    mean: float  # Share of its points
    full: float  # Share of the students who have all of them
    r: float | None  # Discrimination; None where it means nothing
    pairs: int  # Students over whom that is


def items(table: Iterable[Row], counts: Callable[[Row], bool]) -> list[Item]:
    """Return the tasks, the hardest first; ``counts`` says which marks are looked at.

    A task of which answers wait for a mark is left out: the marks that are there are of those who
    gave no answer.
    """
    table = [row for row in table if counts(row) and row.of]
    waiting = {row.place[1:] for row in table if row.unmarked}
    by_task: dict[str, dict[str, Row]] = defaultdict(dict)
    earned: dict[str, float] = defaultdict(float)
    possible: dict[str, float] = defaultdict(float)
    for row in table:
        if row.place[1:] not in waiting:
            by_task["/".join(row.place[1:])][row.student] = row
            earned[row.student] += row.points
            possible[row.student] += row.of
    found = []
    for name, mine in by_task.items():
        rest = {
            student: (row.points, (earned[student] - row.points) / (possible[student] - row.of))
            for student, row in mine.items()
            if possible[student] > row.of
        }
        shares = [row.points / row.of for row in mine.values()]
        found.append(
            Item(
                name,
                next(iter(mine.values())).of,
                len(mine),
                statistics.fmean(shares),
                sum(share >= 1 for share in shares) / len(shares),
                correlation(rest.values()),
                len(rest),
            )
        )
    return sorted(found, key=lambda item: (item.mean, item.name))


def correlation(pairs: Collection[tuple[float, float]]) -> float | None:
    """Return Pearson's r; None for fewer than ``LEAST`` pairs, or where one side is constant."""
    if len(pairs) < LEAST:
        return None
    first, second = (tuple(side) for side in zip(*pairs, strict=True))
    if min(map(statistics.pstdev, (first, second))) < 1e-9:
        return None
    return statistics.correlation(first, second)


@dataclass(frozen=True)
class Group:
    """A group or section of the roster."""

    name: str
    students: int
    handed_in: int  # Students who handed in anything
    mean: float | None  # Share of points of those who did; None if nobody did
    median: float | None
    late: int  # Students with a late notebook
    waiting: int  # Answers that wait for a mark


def groups(
    named: Mapping[str, str], totals: Mapping[str, Total], took_part: Collection[str]
) -> list[Group]:
    """Return groups in order; ``named`` are those of students, ``totals`` theirs in all."""
    mine: dict[str, list[str]] = defaultdict(list)
    for student, group in named.items():
        mine[group].append(student)
    found = []
    for group, students in sorted(mine.items()):
        here = [s for s in students if s in took_part]
        shares = [totals[s].points / totals[s].of for s in here if totals[s].of]
        found.append(
            Group(
                group or "no group",
                len(students),
                len(here),
                statistics.fmean(shares) if shares else None,
                statistics.median(shares) if shares else None,
                sum(totals[s].late > 0 for s in students),
                sum(totals[s].waiting for s in students),
            )
        )
    return found if any(named.values()) else []


@dataclass(frozen=True)
class Days:
    """How many notebooks of a unit were handed in, by day."""

    unit: str
    due: bool  # The days are counted from each student's due date
    bars: tuple[tuple[str, int], ...]  # What each is called, and how many

    @property
    def number(self) -> int:
        """How many notebooks there are."""
        return sum(number for _, number in self.bars)


def hand_ins(
    times: Mapping[Where, float], due: Callable[[Where], float | None], zone: Zone
) -> list[Days]:
    """Return hand-ins by unit: days before and after the due date, or dates where there is none."""
    units: dict[str, list[tuple[float, float | None]]] = defaultdict(list)
    for where, when in times.items():
        units[where[1]].append((when, due(where)))
    found = []
    for unit, mine in sorted(units.items()):
        if all(date is not None for _, date in mine):
            away = Counter(days_away(when, date or 0.0, zone) for when, date in mine)
            places = range(min(away), max(away) + 1)
            bars = tuple((called(place), away[place]) for place in places)
            found.append(Days(unit, True, bars))
        else:
            found.append(Days(unit, False, by_date([when for when, _ in mine], zone)))
    return found


def days_away(when: float, due: float, zone: Zone) -> int:
    """Return on which day from the due date on: -1 is the last day in time, 1 the first late."""
    if when > due:
        return min(LATE + 1, days_begun(when, due, zone))
    return max(-EARLY - 1, min(-1, math.floor((when - due) / DAY)))


def called(place: int) -> str:
    """Return what a day from the due date on is called; the outer ones hold what is beyond."""
    if not place:
        return "due"
    sign = "\N{MINUS SIGN}" if place < 0 else "+"
    if place < -EARLY:
        return f"<{sign}{EARLY}"
    return f">{sign}{LATE}" if place > LATE else f"{sign}{abs(place)}"


def by_date(times: Iterable[float], zone: Zone) -> tuple[tuple[str, int], ...]:
    """Return hand-ins by date, the first and the last ones together where there are many."""
    counts: Counter[str] = Counter()
    for when in times:
        try:
            counts[f"{on_clock(when, zone):%Y-%m-%d}"] += 1
        except (OverflowError, ValueError, OSError):
            counts["no date"] += 1
    dates = sorted(counts)
    if len(dates) > DATES:
        early = sum(counts[date] for date in dates[: -DATES + 1])
        rest = [(date[5:], counts[date]) for date in dates[-DATES + 1 :]]
        return (("before", early), *rest)
    return tuple((date[5:] if len(date) == 10 else date, counts[date]) for date in dates)
