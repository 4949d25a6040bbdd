"""What a student has in all: points of a notebook and of a unit, and what lateness costs.

Marks and times come in, and the ``Rules`` of a policy; nothing else decides, so that a policy which
changes later changes totals alone. ``Total.notes`` says each step for the student whom it concerns.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from tools.notebook.common import Problem
from tools.teach.grade import clock
from tools.teach.grade.policy import EXCUSED, EXTENSION, Late, Rules, Where
from tools.teach.grade.rows import Row

NOT_ASSIGNED, IS_EXCUSED, LEFT_OUT = "not assigned", "excused", "left out"
WITHDRAWN = "withdrawn"  # All tasks of it


@dataclass(frozen=True)
class Total:
    """Points of one notebook, or of several together."""

    points: float = 0.0  # What counts: the marks, less the penalty, and a bonus
    of: float = 0.0  # The most there is without a bonus
    waiting: int = 0  # Answers that wait for a person: the points are not all there yet
    late: float = 0.0  # Seconds after the due date; 0 in time, or where no time is known
    penalty: float = 0.0  # Points that lateness cost
    bonus: float = 0.0  # Points on top
    aside: str = ""  # Why it counts in no total; "" if it does
    notes: tuple[str, ...] = ()  # How it came to be, for the student

    @property
    def judged(self) -> bool:
        """Say whether the work counts for what is told of the class."""
        return self.aside in ("", LEFT_OUT)


class Totals(dict[Where, Total]):
    """Totals of notebooks by student, unit and notebook; ``units`` has those of units."""

    def __init__(self, notebooks: Mapping[Where, Total], rules: Rules) -> None:
        parts: dict[tuple[str, str], dict[Where, Total]] = defaultdict(dict)
        for where, total in notebooks.items():
            parts[where[:2]][where] = total
        self.units: dict[tuple[str, str], Total] = {}
        super().__init__()
        for (student, unit), mine in parts.items():
            kept = without_lowest(mine, rules.policy.drop_lowest.get(unit, 0))
            self.update(kept)
            self.units[student, unit] = of_unit(student, unit, kept, rules)


def due_texts(
    texts: Iterable[str],
    units: Iterable[str],
    here: Iterable[str] | None = None,
    zone: clock.Zone = None,
) -> dict[str, str]:
    """Return the due date of each unit as a text, from ``[UNIT=]DATE`` texts.

    One without a unit is that of all ``units``, or of those ``here``, which were handed in; what
    they mean is ``clock.due``'s. Raises Problem if one is no date, or names no unit.
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
            clock.due(date, zone)
        except ValueError as error:
            raise Problem(f"--late {text}: {error}") from None
        found |= dict.fromkeys(named, date)
    return found


# ------------------------------------------------------------------ a notebook


def by_notebook(
    table: Iterable[Row],
    times: Mapping[Where, float],
    rules: Rules,
    there: Collection[Where] | None = None,
) -> Totals:
    """Return the total of each notebook of each student, and with them those of units.

    ``times`` say when a notebook was handed in, in seconds since 1970, where that is known;
    ``there`` which ones were handed in at all, by default those with a time.
    """
    marks: dict[Where, list[Row]] = defaultdict(list)
    for row in table:
        marks[row.place[:3]].append(row)
    there = times if there is None else there
    found = {}
    for where, mine in marks.items():
        if not rules.is_assigned(*where[1:]):
            found[where] = Total(
                aside=NOT_ASSIGNED, notes=("Not assigned: it counts in no total.",)
            )
        elif excused := rules.of(EXCUSED, where):
            reason = next((f" ({r.reason})" for r in excused if r.reason), "")
            note = f"Excused{reason}: it counts in no total."
            found[where] = Total(aside=IS_EXCUSED, notes=(note,))
        else:
            total = marked(mine, rules, handed_in=where in there)
            when = times.get(where, -math.inf)
            found[where] = total if total.aside else with_penalty(total, where, when, rules)
    return Totals(found, rules)


def marked(mine: Iterable[Row], rules: Rules, *, handed_in: bool) -> Total:
    """Return the sum of a notebook's marks, less what is withdrawn."""
    points, of, waiting = 0.0, 0.0, 0
    notes, aside = [], WITHDRAWN
    for row in mine:
        withdrawn = rules.withdrawn.get(row.place[1:])
        if withdrawn:
            notes.append(f"{row.task}: {withdrawn.said}.")
        if withdrawn and not withdrawn.full:
            continue
        aside = ""
        of += row.of
        if withdrawn and handed_in:
            points += row.of
        else:
            points += 0.0 if row.unmarked else row.points
            waiting += row.review
    return Total(points, of, waiting, aside=aside, notes=tuple(notes))


def with_penalty(total: Total, where: Where, when: float, rules: Rules) -> Total:
    """Return a notebook's total less what lateness costs, with the steps told."""
    due = rules.due_of(where)
    if due is None:
        return total
    notes = []
    if extended := rules.of(EXTENSION, where):
        reason = next((f" ({r.reason})" for r in extended if r.reason), "")
        notes.append(f"Due for you at {clock.said_of(due, rules.zone)}{reason}.")
    late, settings = 0.0, rules.late(where[1])
    penalty = 0.0
    if when > due + 60 * settings.grace_minutes:
        late = max(1.0, clock.lateness(when, due, rules.zone))
        penalty, how = cost(settings, total, when, due, rules.zone)
        date = clock.said_of(due, rules.zone)
        notes.append(f"Handed in {told_late(late)} after the due date, {date}: {how}.")
    return replace(
        total,
        points=total.points - penalty,
        late=late,
        penalty=penalty,
        notes=(*total.notes, *notes),
    )


def cost(late: Late, total: Total, when: float, due: float, zone: clock.Zone) -> tuple[float, str]:
    """Return what lateness takes from a notebook, and how that is counted.

    The grace is given after the due date, and so after each late day that ends with it.
    """
    start = due + 60 * late.grace_minutes
    days = clock.days_begun(when, start, zone)
    if late.closed_after_days is not None and days > late.closed_after_days:
        return total.points, f"later than {late.closed_after_days:g} days, it counts nothing"
    if not late.percent:
        return 0.0, "that costs nothing"
    number = {"day": days, "hour": math.ceil((when - start) / 3_600), "once": 1}[late.each]
    base = total.of if late.of == "possible" else total.points
    share = min(late.percent * number, late.at_most_percent)
    penalty = min(total.points, base * share / 100)
    begun = (
        ""
        if late.each == "once"
        else f" for each of {number} {late.each}{'s' * (number > 1)} begun"
    )
    what = in_points(base) if late.of == "possible" else f"the {base:g} points earned"
    how = f"{late.percent:g} % of {what}{begun}"
    if share < late.percent * number:
        how += f", and at most {late.at_most_percent:g} %"
    if penalty < base * share / 100:
        how += ", and no more than was earned"
    return penalty, f"{how}: {in_points(penalty)} less"


# ------------------------------------------------------------------ a unit


def without_lowest(mine: Mapping[Where, Total], number: int) -> dict[Where, Total]:
    """Return a unit's notebooks, of which those are set aside without which the share is best.

    Of notebooks with equal points that is the lowest. One stays at least.
    """
    counting = [where for where, total in mine.items() if not total.aside]
    number = min(number, len(counting) - 1)
    if number <= 0:
        return dict(mine)

    def share(left_out: tuple[Where, ...]) -> float:
        rest = [mine[where] for where in counting if where not in left_out]
        return sum(t.points for t in rest) / (sum(t.of for t in rest) or 1.0)

    best = max(combinations(counting, number), key=share)
    so_far = any(mine[where].waiting for where in counting)
    note = f"Left out of the total{', so far' * so_far}, which is best without it."
    aside = {
        where: replace(mine[where], aside=LEFT_OUT, notes=(*mine[where].notes, note))
        for where in best
    }
    return {**mine, **aside}


def of_unit(student: str, unit: str, mine: Mapping[Where, Total], rules: Rules) -> Total:
    """Return the total of a student's unit: of what counts in it, with a bonus."""
    total = together(mine.values())
    given = rules.bonus(student, unit)
    if total.aside or not (given or total.waiting):
        return total
    exceed = rules.policy.may_exceed
    bonus = sum(rule.points for rule in given)
    ends = possible(mine) if total.waiting else [(total.points, total.of)]
    points = min(p + (bonus if exceed else min(bonus, max(0.0, of - p))) for p, of in ends)
    notes = [
        f"{in_points(rule.points)} on top, {rule.where}{f': {rule.reason}' if rule.reason else ''}."
        for rule in given
    ]
    if not exceed and total.points + bonus > total.of:
        bonus = max(0.0, total.of - total.points)
        notes.append(f"{unit} is at most {in_points(total.of)} with them: {bonus:g} of them count.")
    return replace(total, points=points, bonus=bonus, notes=tuple(notes))


def possible(mine: Mapping[Where, Total]) -> list[tuple[float, float]]:
    """Return the points, at least, and the most of a unit as it may end once all is marked.

    Marks that come may have other notebooks left out. Those that stay then have a share of at least
    the best one now.
    """
    judged = [total for total in mine.values() if total.judged]
    number = sum(not total.aside for total in judged)
    ends = [
        (
            sum(t.points for t in kept),
            sum(t.of for t in kept),
            sum(t.of if t.waiting else t.points for t in kept),
        )
        for kept in combinations(judged, number)
    ]
    best = max(points / (of or 1.0) for points, of, _ in ends)
    return [(max(points, best * of), of) for points, of, most in ends if most / (of or 1.0) >= best]


def together(parts: Iterable[Total]) -> Total:
    """Return several totals as one, of what counts; it is as late as the latest.

    What is left out so far may come to count by answers in it that wait.
    """
    parts = list(parts)
    counting = [p for p in parts if not p.aside]
    reasons = [r for r in (IS_EXCUSED, WITHDRAWN) if r in {p.aside for p in parts}]
    return Total(
        sum(p.points for p in counting),
        sum(p.of for p in counting),
        sum(p.waiting for p in parts if p.judged),
        max((p.late for p in counting), default=0.0),
        sum(p.penalty for p in counting),
        sum(p.bonus for p in counting),
        "" if counting or not parts else next(iter(reasons), NOT_ASSIGNED),
    )


def by_student(notebooks: Totals, unit: str | None = None) -> dict[str, Total]:
    """Return the total of each student, over all units or in one, in order of their names."""
    mine: dict[str, list[Total]] = defaultdict(list)
    for (student, where), total in notebooks.units.items():
        if unit in (None, where):
            mine[student].append(total)
    return {
        student: parts[0] if unit else together(parts) for student, parts in sorted(mine.items())
    }


def in_points(number: float) -> str:
    """Return a number of points for people."""
    return f"{number:g} point{'s' * (number != 1)}"


def told_points(total: Total) -> str:
    """Return the points of a total for people; while answers wait, they are at least that many."""
    if not total.judged:
        return total.aside
    return f"{'at least ' if total.waiting else ''}{total.points:.10g}"


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
