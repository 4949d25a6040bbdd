"""What Canvas takes back: points by assignment, and feedback in files of the same names.

Where Canvas collects whole units, an assignment is a unit; where it collects single notebooks, each
of them is one. A gradebook export says which assignment is which, by its name.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.teach.grade.platforms import Form, form_of, is_most
from tools.teach.grade.rows import as_cell, number, visible
from tools.teach.grade.sheets import Sheet
from tools.teach.grade.tables import Platform, in_canvas, most, totals_of, zipped
from tools.teach.grade.term import State
from tools.teach.grade.totals import (
    LEFT_OUT,
    NOT_ASSIGNED,
    Total,
    Totals,
    Where,
    by_student,
    in_points,
)
from tools.teach.grade.words import folded
from tools.teach.grade.worksheets import absent, owners, some

if TYPE_CHECKING:
    from tools.teach.grade.pages import Class

ASSIGNMENT = re.compile(r"(.+) \((\d+)\)")  # a heading of one: its name, its number
What = tuple[str, str]  # unit and notebook, or unit and "": what an assignment is of


# ------------------------------------------------------------------ points


def columns_of(notebooks: Totals, state: State) -> dict[What, str]:
    """Return the headings of assignments: of a unit, or of each notebook.

    Where all that Canvas has of a unit are single notebooks, each is an assignment.
    """
    ends: dict[str, set[str]] = {}
    for _, unit, _, name in state.canvas:
        ends.setdefault(unit, set()).add(name[-6:].lower())
    single = titles_of(assigned(notebooks))
    found = {}
    for (unit, name), title in single.items():
        if ends.get(unit) == {".ipynb"}:
            found[unit, name] = title
        else:
            found[unit, ""] = unit
    return found


def titles_of(places: Sequence[What]) -> dict[What, str]:
    """Return the headings of notebooks: their names, with the unit's where two have one name."""
    often = Counter(name for _, name in places)
    return {(unit, name): name if often[name] == 1 else f"{unit} {name}" for unit, name in places}


def assigned(notebooks: Totals) -> list[What]:
    """Return the notebooks that count in their units, in order."""
    found = {where[1:] for where, total in notebooks.items() if total.aside != NOT_ASSIGNED}
    return sorted(found)


@dataclass(frozen=True)
class Filled:
    """A gradebook export that is filled in."""

    sheet: Sheet
    form: Form
    # By what the assignments are of: their totals by student, and their columns; -1 for a new one
    totals: Mapping[What, Mapping[str, Total]]
    at: Mapping[What, int]
    titles: Mapping[What, str]

    def rows(self, people: Mapping[int, str]) -> Iterator[list[str]]:
        """Yield the rows to import; ``people`` are students by line."""
        fixed = max(self.form.taken) + 1
        heads = self.sheet.rows[0]
        titles = [heads[at] if at >= 0 else self.titles[what] for what, at in self.at.items()]
        yield [*heads[:fixed], *titles]
        for place, line in enumerate(self.sheet.lines):
            if is_most(self.form, line):
                yield [*line[:fixed], *(self.possible(what, line) for what in self.at)]
            elif place in people:
                cells = [self.cell(what, people[place], line) for what in self.at]
                yield [as_cell(cell) for cell in line[:fixed]] + cells

    def possible(self, what: What, line: list[str]) -> str:
        """Return the highest points of an assignment, as Canvas has them where it has it."""
        at = self.at[what]
        return line[at] if at >= 0 else f"{self.highest(what):g}"

    def cell(self, what: What, student: str, line: list[str]) -> str:
        """Return points; what has none yet stays as it is, since a blank takes a grade away."""
        at = self.at[what]
        text = in_canvas(self.totals[what].get(student), self.highest(what))
        return text or (line[at] if at >= 0 else "")

    def highest(self, what: What) -> float:
        """Return the most points there are."""
        return most(self.totals[what].values())

    def other_points(self) -> Iterator[str]:
        """Say which assignments have other highest points in Canvas."""
        for line in (line for line in self.sheet.lines if is_most(self.form, line)):
            for what, at in self.at.items():
                if at >= 0 and number(line[at]) != self.highest(what):
                    yield (
                        f"{self.sheet.name}: {self.sheet.headings[at]} has "
                        f"{line[at].strip() or 'no'} points in Canvas, and {self.highest(what):g} "
                        "here: give the assignment as many"
                    )


def filled(
    sheet: Sheet,
    titles: Mapping[What, str],
    notebooks: Totals,
    platform: Platform,
) -> tuple[bytes, list[str]]:
    """Return a gradebook export with points in the assignments that it has, and what to say of it.

    ``titles`` are those of assignments that it has not.
    """
    places = assigned(notebooks)
    form, there = form_of(sheet), meant(sheet, places)
    at: dict[What, int] = {}
    notes, people = [], {}
    for unit in sorted({unit for unit, _ in titles}):
        mine = headings_of(unit, titles, titles_of(places), there)
        at |= {what: there[what][0] if len(there.get(what, ())) == 1 else -1 for what in mine}
        notes += unknown(sheet, mine, there)
        titles = {**titles, **mine}
        people |= owners(sheet, form, platform, by_student(notebooks, unit), unit)
    of = {what: totals_of(notebooks, *what) for what in at}
    made = Filled(sheet, form, of, at, titles)
    students = sorted({student for totals in of.values() for student in totals})
    notes += [*made.other_points(), *apart(notebooks, at, people.values())]
    notes += absent(sheet, form, people, students)
    return sheet.written(list(made.rows(people))), notes


def apart(notebooks: Totals, columns: Iterable[What], students: Iterable[str]) -> Iterator[str]:
    """Say what totals of units have and columns of single notebooks have not."""
    there = set(students)
    for unit in sorted({unit for unit, name in columns if name}):
        mine = {who: total for who, total in by_student(notebooks, unit).items() if who in there}
        if given := {who: total.bonus for who, total in mine.items() if total.bonus}:
            yield (
                f"canvas.csv has columns of the notebooks of {unit}, and none for a bonus: add it "
                f"in Canvas for {some(f'{who} ({in_points(of)})' for who, of in given.items())}"
            )
        lowest = {
            where[0]
            for where, total in notebooks.items()
            if where[1] == unit and total.aside == LEFT_OUT and where[0] in mine
        }
        if lowest:
            yield (
                f"canvas.csv has columns of the notebooks of {unit}, with those that drop_lowest "
                f"leaves out for {some(sorted(lowest))}: let Canvas leave them out, too"
            )


def headings_of(
    unit: str,
    titles: Mapping[What, str],
    single: Mapping[What, str],
    there: Mapping[What, Sequence[int]],
) -> dict[What, str]:
    """Return the headings of a unit's assignments: as it is handed in, else as Canvas has them.

    So a unit that comes in zips may have an assignment for each notebook, where it has none itself.
    """
    own = {what: title for what, title in titles.items() if what[0] == unit}
    parts = {what: title for what, title in single.items() if what[0] == unit}
    other = parts if (unit, "") in own else {(unit, ""): unit}
    return other if own.keys().isdisjoint(there) and not other.keys().isdisjoint(there) else own


def unknown(
    sheet: Sheet, titles: Mapping[What, str], there: Mapping[What, Sequence[int]]
) -> Iterator[str]:
    """Say which assignments of a unit an export has not, or has more than once."""
    again = "and export anew, or choose it when Canvas asks"
    if missing := [title for what, title in titles.items() if what not in there]:
        yield (
            f"{sheet.name} has no assignment with {' or '.join(missing)} in its name: name it so "
            f"in Canvas {again}"
        )
    for what, title in titles.items():
        if len(several := [sheet.headings[at] for at in there.get(what, ())]) > 1:
            yield (
                f"{sheet.name} has more than one assignment with {title} in its name, "
                f"{' and '.join(map(visible, several))}: name one of them {title} alone in Canvas "
                f"{again}"
            )


def meant(sheet: Sheet, places: Iterable[What]) -> dict[What, list[int]]:
    """Return which columns may be which notebook or unit, by the names that stand in their names.

    Where one has the very name, the others are something else.
    """
    known, form = sorted(set(places)), form_of(sheet)
    highest = next((line for line in sheet.lines if is_most(form, line)), None)
    found: dict[What, list[int]] = {}
    for at, heading in enumerate(sheet.headings):
        numbered = bool(ASSIGNMENT.fullmatch(heading))
        told = highest[at].strip() if highest else ""
        own = (numbered and not told) or number(told) >= 0  # others are "(read only)", or notes
        if at in form.taken or (highest and not own):
            continue
        if what := assignment(heading, known):
            found.setdefault(what, []).append(at)
    for what, mine in found.items():
        exact = [at for at in mine if name_of(sheet.headings[at]) in names(what)]
        found[what] = exact or mine
    return found


def name_of(heading: str) -> str:
    """Return the name in a heading, without Canvas's number, as ``folded`` has it."""
    numbered = ASSIGNMENT.fullmatch(heading)
    return folded(numbered[1] if numbered else heading)


def names(what: What) -> set[str]:
    """Return the names of an assignment that are of nothing else, as ``folded`` has them."""
    return {folded(what[1] or what[0]), folded("".join(what))}


def assignment(heading: str, known: Iterable[What]) -> What | None:
    """Return what a column is of; one without Canvas's number is our own, and has the bare name."""
    title = name_of(heading)
    units = {(unit, "") for unit, _ in known if folded(unit) in title}
    single = [place for place in known if folded(place[1]) in title]
    if len(single) > 1:
        single = [place for place in single if (place[0], "") in units]
    fitting = single if len(single) == 1 else sorted(units) if not single else []
    if len(fitting) != 1:
        return None
    (what,) = fitting
    return what if ASSIGNMENT.fullmatch(heading) or title in names(what) else None


# ------------------------------------------------------------------ feedback


def zips(unit: str, feedback: Mapping[str, str], of_class: Class, state: State) -> dict[str, bytes]:
    """Return feedback as Canvas takes it back: files of the same names, for each assignment.

    Canvas finds the student and the file by the numbers in the name, and shows the comment's file
    under the name that the student gave it: so it has to be of the same kind.
    """
    single = {name for _, where, _, name in state.canvas if where == unit}
    by_notebook = all(name.lower().endswith(".ipynb") for name in single)
    made: dict[str, dict[str, bytes]] = {}
    for student, where, notebook, name in state.canvas:
        if where != unit or student not in feedback:
            continue
        if name.lower().endswith(".zip"):
            content = zipped({"feedback.html": feedback[student].encode()})
        else:
            content = as_notebook(of_class, (student, unit, notebook))
        end = f"--{notebook}" if by_notebook else ""
        made.setdefault(f"canvas_{unit}{end}_feedback.zip", {})[name] = content
    return {name: zipped(dict(sorted(members.items()))) for name, members in made.items()}


def as_notebook(of_class: Class, where: Where) -> bytes:
    """Return feedback on a notebook as a notebook, whose cells show text and render nothing."""
    mine = of_class.parts(where[0], where[1])
    texts = [text for part in mine if part["notebook"] == where[2] for text in told(part)]
    texts.insert(0, f"Feedback for {visible(of_class.name(where[0]))}")
    cells = [
        {"cell_type": "markdown", "id": f"part-{at}", "metadata": {}, "source": fenced(text)}
        for at, text in enumerate(texts)
    ]
    found = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(found, indent=1).encode()


def fenced(text: str) -> str:
    """Return a text as Markdown that shows it as it is."""
    longest = max((len(run) for run in re.findall("~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def told(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a student is told of a notebook, as text: in all, then of each task."""
    total = part["total"]
    head = [f"{part['unit']}/{part['notebook']}"]
    head.append(part["told"] if total.aside else f"{part['told']} of {total.of:g} points")
    head += [*total.notes, part["absent"], part["refused"], *part["notes"]]
    yield visible("\n".join(line for line in head if line))
    for mark in part["marks"]:
        points = (
            "waits" if mark["points"] is None else f"{mark['points']:g} of {mark['of']:g} points"
        )
        lines = [f"{mark['task']}: {points}", mark["reason"], mark["comment"]]
        yield visible("\n".join(line for line in lines if line))
