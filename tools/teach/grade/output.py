"""The output folder of ``grade``: outcomes as files, the gradebook, a table of marks, pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.core.files import write_text
from tools.notebook.common import Notebook, Problem, shown
from tools.teach.grade import gradebook, pages, run_tasks
from tools.teach.grade.rows import Row, grades_csv
from tools.teach.grade.students import Student
from tools.teach.grade.term import State, Term, key_of

GRADEBOOK = "nbgrader/gradebook.db"
KINDS = ("not graded", "refused", "in doubt", "odd", "left out", "with a note")


# ------------------------------------------------------------------ outcomes


def read_state(out: Path) -> State:
    """Return what the calls so far have kept, as tables and pages need it."""
    state = Term.read(out).state(all_outcomes(out))
    return replace(state, notes=[*state.notes, *damaged(out)])


def outcome_path(out: Path, student: str, unit: str, notebook: str) -> Path:
    """Return where the outcome of one notebook of one student is kept."""
    folder = pages.page_name(student).removesuffix(".html")
    return out / "outcomes" / folder / f"{unit}--{notebook}.json"


def read_outcome(path: Path) -> dict[str, Any] | None:
    """Return a kept outcome, or None where there is none, or one that a full disk has cut."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def all_outcomes(out: Path) -> list[dict[str, Any]]:
    """Return every outcome that an output folder holds whole, in order."""
    kept = (read_outcome(path) for path in (out / "outcomes").glob("*/*.json"))
    return sorted((o for o in kept if o), key=key_of)


def damaged(out: Path) -> list[str]:
    """Say which outcomes a full disk has cut; the work of those that are there is graded again."""
    kept = sorted((out / "outcomes").glob("*/*.json"))
    return [
        f"{shown(path)} is damaged and counts as not there: grade that student's file again"
        for path in kept
        if read_outcome(path) is None
    ]


# ------------------------------------------------------------------ the gradebook


def gone(out: Path) -> str:
    """Return what to say of a gradebook that is gone, "" if there is none to miss.

    Of one that is there a copy is kept. Raises Problem if it is damaged.
    """
    path = out / GRADEBOOK
    if path.is_file():
        gradebook.refuse_damaged(path)
        gradebook.back_up(path)
        return ""
    if not any((out / "outcomes").glob("*/*.json")):
        return ""
    return (
        f"the gradebook {shown(path)} is gone; it is written anew from outcomes/, with the marks "
        f"given by hand from the newest copy in {shown(path.parent / gradebook.BACKUPS)}"
    )


def see_gradebook(out: Path) -> None:
    """Raise Problem if there is no gradebook, it is damaged, or an outcome beside it is."""
    path = out / GRADEBOOK
    if not path.is_file():
        raise Problem(f"there is no gradebook in {shown(out)}; grade submissions first, or --out")
    gradebook.refuse_damaged(path)
    if lost := damaged(out):  # its marks would be taken from the pages
        raise Problem(f"{lost[0]}; nothing was changed")


def write_gradebook(out: Path, state: State) -> None:
    """Write the outcomes that are not in the gradebook yet into it, in order, by this one process.

    A copy of it is kept first, with the marks given by hand since the last call.
    """
    outcomes, path = all_outcomes(out), out / GRADEBOOK
    with gradebook.opened(path) as opened:
        copy = None if gradebook.written(opened) else gradebook.newest_copy(path)
        if copy is not None:  # this one is new: its marks by hand are in the copy alone
            with gradebook.opened(copy) as before:
                number = gradebook.carry_over(before, opened)
            print(f"course.py grade: {number} marks given by hand are back, from {shown(copy)}")
    gradebook.back_up(path)
    with gradebook.opened(path) as opened:
        new = gradebook.write(opened, outcomes)
        for _ in tqdm(new, desc="gradebook", unit="notebook", disable=None):
            pass
        gradebook.settle_absent(opened, outcomes)
        gradebook.enrol(opened, state.people.values())
        gradebook.set_times(opened, state.times)


def table_of(opened: Any, outcomes: list[dict[str, Any]], state: State) -> list[Row]:
    """Return all marks in order, those of students and notebooks that are not there included."""
    failed = {key_of(o): o["failed"] for o in state.failed}
    units = {o["unit"] for o in (*outcomes, *state.failed)}
    expected = {(student, unit) for student in state.people for unit in units}
    expected |= {(student, unit) for student, unit, _ in failed}
    table = gradebook.with_absent(opened, gradebook.rows(opened, units), expected)
    there = {key_of(o) for o in outcomes}
    unclear = {s: f"not graded: {line}" for s, line in state.unclear.items()}
    return [
        row
        if (where := row.place[:3]) in there
        else replace(row, reason=f"not graded: {failed[where]}", review=True)
        if where in failed
        else replace(row, reason=unclear.get(row.student, "not handed in"))
        for row in table
    ]


# ------------------------------------------------------------------ table and pages


def write_pages(out: Path, state: State) -> tuple[int, list[tuple[str, str]]]:
    """Write the table of marks and the pages from the gradebook.

    Returns how many answers wait for a mark, and what a person should look at, as (kind, text).
    """
    outcomes = all_outcomes(out)
    with gradebook.opened(out / GRADEBOOK) as opened:
        table = table_of(opened, outcomes, state)
    write_text(out / "grades.csv", grades_csv(table))
    attention = attention_of(outcomes, state)
    questions = pages.questions_of(
        Notebook(path) for path in sorted((out / "nbgrader" / "release").glob("*/*.ipynb"))
    )
    of_class = pages.Class(table, outcomes, state.people, questions)
    write_text(out / "overview.html", of_class.overview(attention))
    for student in of_class.students:
        name = pages.page_name(student)
        write_text(out / "feedback" / name, of_class.student(student))
        write_text(out / "instructor" / name, of_class.student(student, for_instructor=True))
    return sum(row.review for row in table), attention


def attention_of(outcomes: list[dict[str, Any]], state: State) -> list[tuple[str, str]]:
    """Return what a person should look at, the worst first: what it is, and whose."""
    people = state.people
    found = [("not graded", f"{told_place(o, people)}: {o['failed']}") for o in state.failed]
    for outcome in outcomes:
        who = told_place(outcome, people)
        if outcome["refused"]:
            found.append(("refused", f"{who}: {outcome['refused']}"))
        found += [("with a note", f"{who}: {note}") for note in outcome["notes"]]
        odd = [t for t in outcome["tasks"] if t["verdict"] in run_tasks.ODD]
        found += [("odd", f"{who}: {t['task']}: {t['verdict']}: {first_of(t)}") for t in odd]
    found += [("in doubt", line) for line in state.notes]
    found += [("left out", line) for line in state.left_out]
    return sorted(found, key=lambda item: KINDS.index(item[0]))


def first_of(task: dict[str, Any]) -> str:
    """Return the first line of what an instructor is told of a verdict."""
    hidden = task["reason"] in (run_tasks.FAILS, run_tasks.FAILS_AGAIN)
    return task["detail"].partition("\n")[0] if hidden else task["reason"]


def told_place(outcome: dict[str, Any], people: Mapping[str, Student]) -> str:
    """Return whose an outcome is, and of what, for people."""
    who = people.get(outcome["student"], outcome["student"])
    return f"{who}, {outcome['unit']}/{outcome['notebook']}"
