"""The output folder of ``grade``: outcomes as files, the gradebook, tables and pages."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.core.files import write_text
from tools.notebook.common import Notebook, Problem, shown
from tools.teach.grade import (
    gradebook,
    imports,
    pages,
    roster,
    rounds,
    tables,
    totals,
)
from tools.teach.grade.policy import Rules
from tools.teach.grade.rows import Row, grades_csv
from tools.teach.grade.term import State, Term, piece_of

GRADEBOOK = "nbgrader/gradebook.db"
KINDS = (
    *("not graded", "refused", "in doubt", "to import", "odd", "left out", "late", "by policy"),
    "with a note",
)
SAME_TIME, MANY = 600, 5  # seconds within which so many hand in only where it is no hand-in's time


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
    kept = ((p, read_outcome(p)) for p in (out / "outcomes").glob("*/*.json"))
    # One that lies elsewhere is of an older grader, which named the folders otherwise.
    found = [
        o for p, o in kept if o and p == outcome_path(out, o["student"], o["unit"], o["notebook"])
    ]
    return sorted(found, key=lambda o: (o["student"], o["unit"], o["notebook"]))


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

    Raises Problem if there is one, and it is damaged.
    """
    path = out / GRADEBOOK
    if path.is_file():
        gradebook.refuse_damaged(path)
        return ""
    if not any((out / "outcomes").glob("*/*.json")):
        return ""
    return (
        f"the gradebook {shown(path)} is gone; it is written anew from outcomes/. Marks given by "
        f"hand are in the copies in {shown(path.parent / gradebook.BACKUPS)}"
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
    outcomes = all_outcomes(out)
    gradebook.back_up(out / GRADEBOOK)
    with gradebook.opened(out / GRADEBOOK) as opened:
        new = gradebook.write(opened, outcomes)
        for _ in tqdm(new, desc="gradebook", unit="notebook", disable=None):
            pass
        gradebook.settle_absent(opened, outcomes)
        gradebook.enrol(opened, state.roster.values())


def table_of(opened: Any, outcomes: list[dict[str, Any]], state: State) -> list[Row]:
    """Return all marks in order, those of students and notebooks that are not there included."""
    failed = {piece_of(o): o["failed"] for o in state.failed}
    units = {o["unit"] for o in (*outcomes, *state.failed)}
    expected = {(student, unit) for student in state.roster for unit in units}
    expected |= {(student, unit) for student, unit, _ in failed}
    table = gradebook.with_absent(opened, gradebook.rows(opened, units), expected)
    there = {piece_of(o) for o in outcomes}
    return [
        row
        if (where := row.place[:3]) in there
        else replace(row, reason=f"not graded: {failed[where]}", review=True)
        if where in failed
        else replace(row, reason="not handed in")
        for row in table
    ]


# ------------------------------------------------------------------ totals


def totals_of(
    table: list[Row], outcomes: list[dict[str, Any]], state: State
) -> tuple[totals.Totals, Rules]:
    """Return all totals, and the rules that they follow."""
    rules = state.rules(row.student for row in table)
    there = {piece_of(o) for o in outcomes}
    return totals.by_notebook(table, state.handed_in, rules, there), rules


def in_all(total: totals.Total) -> str:
    """Return a total as text."""
    told = totals.told_points(total)
    return told if total.aside else f"{told} of {total.of:.10g}"


def as_decided(
    table: Iterable[Row], notebooks: totals.Totals, rules: Rules, there: set[totals.Where]
) -> list[Row]:
    """Return the marks as tables and pages show them: with what a policy makes of them as reason.

    What was neither assigned nor handed in is left out; what counts for nobody waits for no mark.
    """
    found = []
    for row in table:
        where, aside = row.place[:3], notebooks[row.place[:3]].aside
        withdrawn = rules.withdrawn.get(row.place[1:])
        if where not in there and not row.by_hand and aside not in ("", totals.WITHDRAWN):
            if aside != totals.NOT_ASSIGNED:
                found.append(
                    replace(row, reason=aside if aside == totals.IS_EXCUSED else row.reason)
                )
        elif withdrawn:
            reason = f"{withdrawn.said}; {row.reason}" if row.reason else withdrawn.said
            found.append(replace(row, reason=reason, idle=True))
        else:
            found.append(replace(row, idle=not rules.counts(row.place)))
    return found


# ------------------------------------------------------------------ tables and pages


def write_pages(out: Path, state: State) -> tuple[int, list[tuple[str, str]]]:
    """Write the tables and pages from the gradebook.

    Returns how many answers wait for a mark, and what a person should look at, as (kind, text).
    """
    outcomes = all_outcomes(out)
    with gradebook.opened(out / GRADEBOOK) as opened:
        table = table_of(opened, outcomes, state)
        notebooks, rules = totals_of(table, outcomes, state)
        dates = {unit: rules.due_for_all(unit, "") for unit in {where[1] for where in notebooks}}
        due = {unit: date for unit, date in dates.items() if date is not None}
        gradebook.set_late(opened, notebooks, state.handed_in, due)
    table = as_decided(table, notebooks, rules, {piece_of(o) for o in outcomes})
    to_import = imports.grades(out, notebooks, state, rules.zone)
    attention = attention_of(outcomes, state, notebooks, rules, to_import.notes)
    write_text(out / "grades.csv", grades_csv(table))
    write_text(out / "students.csv", tables.students_csv(notebooks, state.roster))
    questions = pages.questions_of(
        Notebook(path) for path in sorted((out / "nbgrader" / "release").glob("*/*.ipynb"))
    )
    of_class = pages.Class(
        table, outcomes, notebooks, state.roster, questions, rules, state.handed_in
    )
    write_text(out / "overview.html", of_class.overview(attention))
    feedback = {}
    for student in of_class.students:
        name, feedback[student] = pages.page_name(student), of_class.student(student)
        write_text(out / "feedback" / name, feedback[student])
        write_text(out / "instructor" / name, of_class.student(student, for_instructor=True))
    imports.write(out / "import", to_import, of_class, feedback, state)
    return sum(row.waits for row in table), attention


def attention_of(
    outcomes: list[dict[str, Any]],
    state: State,
    notebooks: totals.Totals,
    rules: Rules,
    to_import: Iterable[str] = (),
) -> list[tuple[str, str]]:
    """Return what a person should look at, the worst first: what it is, and whose."""
    people = state.roster
    found = [("not graded", f"{told_place(o, people)}: {o['failed']}") for o in state.failed]
    for outcome in sorted(outcomes, key=lambda o: (o["student"], o["unit"], o["notebook"])):
        who = told_place(outcome, people)
        if outcome["refused"]:
            found.append(("refused", f"{who}: {outcome['refused']}"))
        found += [("with a note", f"{who}: {note}") for note in outcome["notes"]]
        odd = [t for t in outcome["tasks"] if t["verdict"] in rounds.ODD]
        found += [("odd", f"{who}: {t['task']}: {t['verdict']}: {first_of(t)}") for t in odd]
    found += [("in doubt", line) for line in (*state.notes, *rules.doubts)]
    found += [("in doubt", line) for line in of_one_time(state, rules)]
    found += [("to import", line) for line in to_import]
    found += [("left out", line) for line in state.left_out]
    for (student, unit, notebook), total in notebooks.items():
        if total.late:
            cost = f", {total.penalty:g} points less" if total.penalty else ""
            when = f"{totals.told_late(total.late)} late{cost}"
            found.append(("late", f"{people.get(student, student)}, {unit}/{notebook}: {when}"))
    found += by_policy(notebooks, rules, people)
    return sorted(found, key=lambda item: KINDS.index(item[0]))


def of_one_time(state: State, rules: Rules) -> list[str]:
    """Say of which units all work seems to be handed in at one time after the due date.

    That is the time of the download: Canvas, and Moodle where it streams its zips, put no other
    into them.
    """
    found: dict[str, list[float]] = defaultdict(list)
    late: dict[str, bool] = defaultdict(bool)
    for where, when in state.handed_in.items():
        found[where[1]].append(when)
        due = rules.due_of(where)
        late[where[1]] |= due is not None and when > due
    return [
        f"{unit}: all {len(times)} notebooks have times within ten minutes, after the due date: is "
        "that when the zip was downloaded? Name a table of the hand-ins by --times"
        for unit, times in sorted(found.items())
        if late[unit] and len(times) >= MANY and max(times) - min(times) <= SAME_TIME
    ]


def by_policy(
    notebooks: totals.Totals, rules: Rules, people: Mapping[str, roster.Student]
) -> list[tuple[str, str]]:
    """Return what a policy does for single students, and what platforms are told otherwise."""
    found = [
        ("by policy", f"{people.get(student, student)}, {rule.said}")
        for student, mine in sorted(rules.mine.items())
        for rule in mine
    ]
    found += [("by policy", f"{w.unit}/{w.notebook}: {w.task}: {w.said}") for w in
              rules.policy.withdrawn]  # fmt: skip
    for unit in sorted({unit for _, unit in notebooks.units}):
        mine = totals.by_student(notebooks, unit)
        most = tables.most(mine.values())
        for student, total in mine.items():
            who = f"{people.get(student, student)}, {unit}: {in_all(total)}"
            if not total.aside and not total.waiting and 0 < total.of != most:
                share = tables.scaled(total, most, "")
                found.append(("by policy", f"{who} stands in import/ as {share} of {most:g}"))
            elif total.points > total.of:
                told = "does your platform take more than an assignment's points?"
                found.append(("by policy", f"{who}: {told}"))
    return found


def first_of(task: dict[str, Any]) -> str:
    """Return the first line of what an instructor is told of a verdict."""
    hidden = task["reason"] in (rounds.FAILS, rounds.FAILS_AGAIN)
    return task["detail"].partition("\n")[0] if hidden else task["reason"]


def told_place(outcome: dict[str, Any], people: Mapping[str, roster.Student]) -> str:
    """Return whose an outcome is, and of what, for people."""
    who = people.get(outcome["student"], outcome["student"])
    return f"{who}, {outcome['unit']}/{outcome['notebook']}"
