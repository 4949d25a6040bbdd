"""The page on which solutions that are alike stand side by side, for instructors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tools.teach.grade.clock import Zone, on_clock
from tools.teach.grade.pages import page_name, templates
from tools.teach.grade.roster import Student
from tools.teach.grade.rows import as_csv
from tools.teach.grade.similar import Pair, Task, shown
from tools.teach.grade.totals import Where

MOST = 60  # pairs on the page, the most alike


def table(pairs: Iterable[Pair]) -> str:
    """Return all pairs as CSV."""
    lines = [(p.task, p.first, p.second, f"{p.share:.2f}", p.runs) for p in pairs]
    return as_csv(("task", "student", "other student", "share of runs", "runs"), lines)


def page(
    pairs: list[Pair],
    outcomes: Iterable[dict[str, Any]],
    released: Mapping[Task, str],
    people: Mapping[str, Student],
    times: Mapping[Where, float],
    zone: Zone,
) -> str:
    """Return the page of the pairs that are most alike.

    ``outcomes`` and ``released`` are what the pairs were found in, ``people`` the roster as far as
    there is one, ``times`` say when notebooks were handed in, where that is known.
    """
    often = Counter((pair.first, pair.second) for pair in pairs)

    def side(student: str, task: str, parts: list[tuple[str, str]]) -> dict[str, Any]:
        unit, notebook, _ = task.split("/")
        when = times.get((student, unit, notebook))
        return {
            "name": str(people.get(student, student)),
            "page": f"instructor/{page_name(student)}",
            "when": said(when, zone),
            "parts": parts,
        }

    found = []
    for one in shown(outcomes, released, pairs[:MOST]):
        pair, number = one.pair, often[one.pair.first, one.pair.second]
        found.append(
            {
                "task": pair.task,
                "share": f"{100 * pair.share:.0f}",
                "runs": pair.runs,
                "also": number if number > 1 else 0,
                "first": side(pair.first, pair.task, one.first),
                "second": side(pair.second, pair.task, one.second),
            }
        )
    return templates().get_template("similar.html").render(pairs=found, number=len(pairs))


def said(when: float | None, zone: Zone) -> str:
    """Return when something was handed in, "" where nobody knows."""
    try:
        return "" if when is None else f"{on_clock(when, zone):%Y-%m-%d %H:%M}"
    except (OverflowError, ValueError, OSError):
        return ""
