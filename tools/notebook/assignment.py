"""Assignments: notebooks that are released, handed in, graded and exported together.

A unit is one. An instructor names others, of notebooks of any units, by ``release --name`` or
``release --week``: they stand in ``assignments.toml`` beside the folders of the units, and a
notebook is in at most one of them. There, a unit may have a table too, for its ``due``.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.common import NOTEBOOKS, Notebook, Problem, all_notebooks, in_order, shown
from utils import lessons

FILE = "assignments.toml"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
OPENING = """\
# The assignments beside the units, by `course.py release --name` or `--week`. `check --pack`,
# `grade` and its exports know them by these names. With `due = 2026-12-08T23:59:00`, the overview
# of a graded class marks what came later; a unit may have a table for it, too.
"""


@dataclass(frozen=True)
class Assignment:
    """Notebooks that belong together, in the order of work."""

    name: str  # Of the zip, of the folder in it, and of nbgrader's assignment
    notebooks: tuple[Notebook, ...]
    title: str = ""  # What a sheet is headed with; a unit's sheet has its own
    due: datetime | None = None  # In local time

    @property
    def is_unit(self) -> bool:
        """Whether these are the notebooks of a unit, whose sheet is the unit's own."""
        return not self.title

    @property
    def is_of_course(self) -> bool:
        """Whether these are notebooks of this course, not of a folder of another one."""
        return all(n.path.is_relative_to(NOTEBOOKS) for n in self.notebooks)


def every(folder: Path | None = None) -> dict[str, Assignment]:
    """Return the assignments of the course, or of another folder of units, by their names.

    They are those that are named, and units. A unit that has a notebook in a named assignment is
    none itself.
    """
    folder = folder or NOTEBOOKS
    tables, named = read(folder), {}
    notebooks = in_order(all_notebooks()) if folder == NOTEBOOKS else notebooks_of_others(folder)
    by_id = {notebook.id: notebook for notebook in notebooks}
    units: dict[str, list[Notebook]] = {}
    for notebook in notebooks:
        units.setdefault(notebook.unit, []).append(notebook)
    for name, table in tables.items():
        if name not in units:
            own = tuple(by_id[number] for number in table["notebooks"] if number in by_id)
            named[name] = Assignment(name, own, table.get("title", name), due_of(table))
    taken = {n.unit for assignment in named.values() for n in assignment.notebooks}
    return named | {
        unit: Assignment(unit, tuple(own), due=due_of(tables.get(unit, {})))
        for unit, own in units.items()
        if unit not in taken
    }


def notebooks_of_others(folder: Path) -> list[Notebook]:
    """Return the notebooks of another course's folder of units, whatever their names are."""
    return [Notebook(path) for path in sorted(folder.glob("*/*.ipynb"))]


def get(name: str) -> Assignment | None:
    """Return the assignment of a name, or the unit of a number; None for no such one."""
    known = every()
    fitting = [a for n, a in known.items() if name == n or (a.is_unit and name == n[:2])]
    return fitting[0] if len(fitting) == 1 else None


def holding(notebook: Notebook) -> Assignment:
    """Return the assignment that a notebook of the course belongs to, or it alone."""
    for found in every().values():
        if notebook.id in (n.id for n in found.notebooks):
            return found
    return of_chosen(notebook.path.stem[3:], notebook.title, [notebook])


def require(name: str, known: Iterable[str]) -> str:
    """Return the one of some names that is meant: itself, or a unit by its number.

    Raises Problem, which suggests the nearest, for any other.
    """
    names = sorted(known)
    fitting = [n for n in names if name in (n, n[:2] if n[:2].isdigit() else n)]
    if len(fitting) == 1:
        return fitting[0]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise Problem(f"{name!r} is no assignment{hint} There are {', '.join(names) or 'none'}")


def of_chosen(name: str, title: str, notebooks: Iterable[Notebook]) -> Assignment:
    """Return an assignment of notebooks of the course that an instructor has chosen.

    Raises Problem for a name that is none or taken, and for a notebook of another assignment.
    """
    own, tables = tuple(in_order(list(notebooks))), read(NOTEBOOKS)
    if not NAME.fullmatch(name):
        raise Problem(
            f"{name!r} can't be the name of an assignment: write a letter, then at most 59 "
            "letters, digits, - or _, such as week1"
        )
    for other, table in tables.items():
        if other != name and (both := sorted({n.id for n in own} & set(table["notebooks"]))):
            raise Problem(
                f"{both[0]} belongs to the assignment {other}, and a notebook is handed in to one "
                f"alone: leave it out, or take it out of {shown(NOTEBOOKS / FILE)}"
            )
    return Assignment(name, own, title, due_of(tables.get(name, {})))


def remember(assignment: Assignment) -> None:
    """Write a chosen assignment into ``assignments.toml``, where the grader finds it."""
    tables, numbers = read(NOTEBOOKS), [notebook.id for notebook in assignment.notebooks]
    table = tables.get(assignment.name, {}) | {"title": assignment.title, "notebooks": numbers}
    write_text(NOTEBOOKS / FILE, as_toml(tables | {assignment.name: table}))


# ------------------------------------------------------------------ the file


def read(folder: Path) -> dict[str, Any]:
    """Return the tables of a folder's ``assignments.toml`` by their names; none without the file.

    Raises Problem, which names the assignment, for what is no number of a notebook or no date.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{shown(path)} can't be read: {error}") from None
    for name, table in tables.items():
        where = f"{shown(path)}, {name}"
        if not isinstance(table, dict):
            raise Problem(f"{where} is no table: write [{name}] on a line of its own")
        table.setdefault("notebooks", [])
        for number in table["notebooks"]:
            if not re.fullmatch(r"\d\d/\d\d", str(number)):
                raise Problem(f"{where}: {number!r} is no number of a notebook, such as 06/01")
        if not isinstance(due := table.get("due", date.today()), date):
            raise Problem(
                f"{where}: due = {due!r} is no date; write due = 2026-12-08, or with a time, "
                "due = 2026-12-08T23:59:00"
            )
    return tables


def due_of(table: dict[str, Any]) -> datetime | None:
    """Return until when an assignment may be handed in: of a day alone, until its end."""
    due = table.get("due")
    return datetime.combine(due, time.max) if due and not isinstance(due, datetime) else due


def as_toml(tables: dict[str, Any]) -> str:
    """Return ``assignments.toml`` with these tables."""
    parts = [OPENING]
    for name, table in tables.items():
        lines = [f"[{name}]"]
        for key, value in table.items():
            if isinstance(value, date):
                lines.append(f"{key} = {value.isoformat()}")
            elif isinstance(value, list):
                lines.append(f"{key} = [{', '.join(map(quoted, value))}]")
            else:
                lines.append(f"{key} = {quoted(value)}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def quoted(text: str) -> str:
    """Return a text as a TOML string."""
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# ------------------------------------------------------------------ weeks


def of_week(number: int, short: bool) -> tuple[str, str, list[Notebook]]:
    """Return the name, the title and the notebooks of a week, of the whole term or the short one.

    Raises Problem for a week that there is not, or that has no notebook.
    """
    weeks = lessons.short_weeks() if short else lessons.weeks()
    if not 1 <= number <= len(weeks):
        term = "the short term" if short else "the term"
        raise Problem(f"there is no week {number}: {term} has the weeks 1 to {len(weeks)}")
    listed = weeks[number - 1].get("lessons", [])
    own = [n for n in all_notebooks() if (n.id in listed if short else n.week == number)]
    if not own:
        raise Problem(f"week {number} has no notebook: all are left out of the course")
    name = f"short_week{number}" if short else f"week{number}"
    return name, weeks[number - 1]["title"], own
