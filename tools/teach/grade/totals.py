"""What a student has in all: points of a notebook and of a unit, and what lateness costs."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.notebook.common import Problem
from tools.teach.grade.rows import Row

DAY = 86_400.0  # seconds
Where = tuple[str, str, str]  # student, unit, notebook


@dataclass(frozen=True)
class Total:
    """Points of one notebook, or of several together."""

    points: float = 0.0  # What counts: the marks, less the penalty
    of: float = 0.0  # The most there is
    waiting: int = 0  # Answers that wait for a person: the points are not all there yet
    late: float = 0.0  # Seconds after the due date; 0 in time, or where no time is known
    penalty: float = 0.0  # Points that lateness cost


def due_dates(
    texts: Iterable[str], units: Iterable[str], here: Iterable[str] | None = None
) -> dict[str, float]:
    """Return the due date of each unit as seconds since 1970, from ``[UNIT=]DATE`` texts.

    One without a unit is that of all ``units``, or of those ``here``, which were handed in. A date
    without a time means the end of that day; a time without a zone is the local one. Raises Problem
    if one is no date, or names no unit.
    """
    units = list(units)
    plain = units if here is None else list(here)
    found = {}
    for text in texts:
        unit, between, date = text.rpartition("=")
        named = [u for u in units if unit in (u, u[:2])] if between else plain
        if between and not named:
            raise Problem(f"--late {text}: there is no unit {unit!r}; there are {', '.join(units)}")
        try:
            moment = datetime.fromisoformat(date.strip())
        except ValueError:
            raise Problem(
                f"--late {text}: {date!r} is no date; write 2027-05-31 or 2027-05-31T18:00"
            ) from None
        if len(date.strip()) <= len("2027-05-31"):
            moment += timedelta(days=1)
        found |= dict.fromkeys(named, moment.timestamp())
    return found


def by_notebook(
    table: Iterable[Row],
    times: Mapping[Where, float],
    due: Mapping[str, float],
    percent: Mapping[str, float],
) -> dict[Where, Total]:
    """Return the total of each notebook of each student.

    ``times`` say when a notebook was handed in, in seconds since 1970, where that is known; ``due``
    the due date of a unit; its ``percent`` of a notebook's points are lost for each day begun.
    """
    marks: dict[Where, list[Row]] = defaultdict(list)
    for row in table:
        marks[row.place[:3]].append(row)
    found = {}
    for where, mine in marks.items():
        earned, of = sum(r.points for r in mine), sum(r.of for r in mine)
        late = max(0.0, times.get(where, -math.inf) - due.get(where[1], math.inf))
        each = of * percent.get(where[1], 0.0) / 100
        penalty = min(earned, each * math.ceil(late / DAY)) if late else 0.0
        waiting = sum(r.review for r in mine)
        found[where] = Total(earned - penalty, of, waiting, late, penalty)
    return found


def together(parts: Iterable[Total]) -> Total:
    """Return several totals as one; it is as late as the latest."""
    parts = list(parts)
    return Total(
        sum(p.points for p in parts),
        sum(p.of for p in parts),
        sum(p.waiting for p in parts),
        max((p.late for p in parts), default=0.0),
        sum(p.penalty for p in parts),
    )


def by_student(notebooks: Mapping[Where, Total], unit: str | None = None) -> dict[str, Total]:
    """Return the total of each student, over all units or in one, in order of their names."""
    mine: dict[str, list[Total]] = defaultdict(list)
    for (student, where, _), total in notebooks.items():
        if unit in (None, where):
            mine[student].append(total)
    return {student: together(parts) for student, parts in sorted(mine.items())}


def spread(values: Iterable[float]) -> dict[str, float]:
    """Return mean, median, quartiles, standard deviation and ends of some values."""
    values = sorted(values)
    low, middle, high = statistics.quantiles(values, method="inclusive") if values[1:] else (
        values * 3
    )  # fmt: skip
    return {
        "mean": statistics.fmean(values),
        "deviation": statistics.pstdev(values),
        "least": values[0],
        "low": low,
        "median": middle,
        "high": high,
        "most": values[-1],
    }


def told_late(seconds: float) -> str:
    """Return how late something is, for people."""
    minutes = math.ceil(seconds / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
