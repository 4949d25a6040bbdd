"""Points by criterion: how a mark that was given in the browser is made up."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from data.core.files import write_text
from tools.teach.grade.kept import read_json
from tools.teach.grade.rows import Place, Row

CRITERIA = "criteria.json"
Kept = Mapping[str, Mapping[str, list[float]]]  # by student, then by what was asked


def read(out: Path) -> Kept:
    """Return what is kept in an output folder."""
    return read_json(out / CRITERIA) or {}


def of_row(kept: Kept, row: Row) -> tuple[float, ...]:
    """Return the points of a mark by criterion; none where the mark is another one by now."""
    points = kept.get(row.student, {}).get("/".join(row.place[1:]), [])
    fits = row.by_hand and math.isclose(sum(points), row.points, abs_tol=1e-3)
    return tuple(points) if fits else ()


def keep(out: Path, place: Place, points: Iterable[float]) -> None:
    """Keep the points of a mark by criterion; without any, forget them."""
    student, *asked = place
    kept = {name: dict(marks) for name, marks in read(out).items()}
    mine, now = kept.setdefault(student, {}), list(points)
    before = mine.pop("/".join(asked), [])
    if now:
        mine["/".join(asked)] = now
    if now != before:
        write_text(out / CRITERIA, json.dumps({name: m for name, m in kept.items() if m}))


def take_out(out: Path, student: str) -> None:
    """Forget a student."""
    kept = dict(read(out))
    if kept.pop(student, None):
        write_text(out / CRITERIA, json.dumps(kept))
