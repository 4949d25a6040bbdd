"""The output folder of ``grade``: outcomes as files, the gradebook, tables and pages."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.core.files import write_text
from tools.notebook.common import Notebook, shown
from tools.teach.grade import (
    criteria,
    gradebook,
    history,
    imports,
    marks,
    pages,
    roster,
    rounds,
    tables,
    totals,
)
from tools.teach.grade.kept import read_json
from tools.teach.grade.policy import Rules
from tools.teach.grade.rows import Place, Row, grades_csv
from tools.teach.grade.term import State, Term, piece_of

GRADEBOOK = "nbgrader/gradebook.db"
WRITTEN = "nbgrader/written.json"  # what is in the gradebook
BY_HAND = "by_hand.json"
CODES = "nbgrader/codes.json"  # that stand for students in tables without names
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
    return f"the gradebook {shown(path)} is gone; it is written anew from outcomes/"


def write_gradebook(out: Path, state: State) -> None:
    """Write the outcomes that are not in the gradebook yet into it, in order, by this one process.

    One that is not what was written last (a new one, a backup) gets all of them, and the marks
    given by hand that it lacks.
    """
    outcomes = all_outcomes(out)
    written = Written.read(out)
    with gradebook.opened(out / GRADEBOOK) as opened:
        other = written.version and gradebook.version(opened) != written.version
        if not other:
            table = table_of(opened, outcomes, state)
            history.note(out, table, history.SOMEBODY, "found so", known_alone=True)
        known = {} if other else written.outcomes
        new = [o for o in outcomes if known.get(place_of(o), {}).get("key") != o["key"]]
        bar = tqdm(total=len(new), desc="gradebook", unit="notebook", disable=None)
        for _ in gradebook.write(opened, new):
            bar.update()
        bar.close()
        if other:
            older = gradebook.version(opened) < written.version
            restore(out, opened, table_of(opened, outcomes, state), older=older)
        gradebook.ask_again(opened, written.changed_answers(new))
        gradebook.settle_absent(opened, outcomes)
        gradebook.enrol(opened, state.roster.values())
        written.outcomes.update(
            {place_of(o): {"key": o["key"], "answers": gradebook.answers_of(o)} for o in new}
        )
        written.seal(out, opened)
        history.note(out, table_of(opened, outcomes, state), history.GRADER, "graded")


@dataclass
class Written:
    """What is in the gradebook."""

    version: int  # Of the gradebook; each change makes the next one. 0: nothing is known of it
    # Key and fingerprints of the answers of each outcome that is in it
    outcomes: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, out: Path) -> Written:
        """Return what the last call has noted."""
        kept = read_json(out / WRITTEN) or {}
        return cls(kept.get("version", 0), kept.get("outcomes", {}))

    def changed_answers(self, outcomes: Iterable[dict[str, Any]]) -> list[Place]:
        """Return the tasks whose answers are not those that were written before."""
        found = []
        for outcome in outcomes:
            before = self.outcomes.get(place_of(outcome), {}).get("answers", {})
            for task, answer in gradebook.answers_of(outcome).items():
                if before.get(task, answer) != answer:
                    found.append((outcome["student"], outcome["unit"], outcome["notebook"], task))
        return found

    def seal(self, out: Path, opened: Any) -> None:
        """Note the state of the gradebook, in the gradebook too."""
        self.version += 1
        gradebook.set_version(opened, self.version)
        write_text(out / WRITTEN, json.dumps(vars(self)))


def place_of(outcome: dict[str, Any]) -> str:
    """Return a name for whose an outcome is, and of what."""
    return f"{outcome['student']}/{outcome['unit']}/{outcome['notebook']}"


def restore(out: Path, opened: Any, table: list[Row], *, older: bool) -> None:
    """Put the marks given by hand that a gradebook lacks into it.

    An ``older`` one loses those that were taken back since. One that is newer was written by a call
    that ended before it could say so.
    """
    path = out / BY_HAND
    if path.is_file():
        number = marks.restore(opened, table, path.read_text(encoding="utf-8"), older=older)
        print(f"course.py grade: {number} marks given by hand are back, from {shown(path)}")


def table_of(opened: Any, outcomes: list[dict[str, Any]], state: State) -> list[Row]:
    """Return all marks in order, those of students and notebooks that are not there included."""
    failed = {piece_of(o): o["failed"] for o in state.failed}
    units = {o["unit"] for o in (*outcomes, *state.failed)}
    expected = {(student, unit) for student in state.roster for unit in units}
    expected |= {(student, unit) for student, unit, _ in failed}
    table = gradebook.with_absent(opened, gradebook.rows(opened, units), expected)
    there = {piece_of(o): gradebook.answers_of(o) for o in outcomes}
    return [
        replace(row, answer=there[where].get(row.task, ""))
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


def note_decided(out: Path, state: State, who: str) -> int:
    """Note in the history how a new policy, or new times of hand-ins, change totals.

    Returns how many totals of units they change.
    """
    term = Term.read(out)
    now = {"policy": term.policy, "told": term.told}
    before = history.decided(history.read(out)) or {"policy": {}, "told": {}}
    if now == before:
        return 0
    outcomes = all_outcomes(out)
    with gradebook.opened(out / GRADEBOOK) as opened:
        table = table_of(opened, outcomes, state)
    then = replace(term, **before).state(outcomes)
    old, new = (totals_of(table, outcomes, one)[0].units for one in (then, state))
    said = {key: (in_all(old[key]), in_all(new[key])) for key in new if key in old}
    changed = {key: both for key, both in said.items() if both[0] != both[1]}
    how = f"totals by {term.policy['name']}" if term.policy else "totals without a policy"
    how += ", new times of hand-ins" if now["told"] != before["told"] else ""
    history.note_decided(out, now, changed, who, how)
    return len(changed)


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


def write_pages(
    out: Path, state: State, *, anonymous: bool = False
) -> tuple[int, list[tuple[str, str]]]:
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
    write_text(out / BY_HAND, marks.by_hand_as_json(table))
    write_text(out / "grades.csv", grades_csv(table))
    write_text(out / "students.csv", tables.students_csv(notebooks, state.roster))
    questions = pages.questions_of(
        Notebook(path) for path in sorted((out / "nbgrader" / "release").glob("*/*.ipynb"))
    )
    made_up = criteria.read(out)
    of_class = pages.Class(
        table, outcomes, notebooks, state.roster, questions, made_up, rules, state.handed_in
    )
    write_text(out / "overview.html", of_class.overview(attention))
    feedback = {}
    for student in of_class.students:
        name, feedback[student] = pages.page_name(student), of_class.student(student)
        write_text(out / "feedback" / name, feedback[student])
        write_text(out / "instructor" / name, of_class.student(student, for_instructor=True))
    imports.write(out / "import", to_import, of_class, feedback, state)
    codes = codes_of(out, of_class.students, make=anonymous)
    if codes:
        open_ones = [row for row in table if row.waits]
        write_text(out / "marking.csv", tables.marking_csv(open_ones, codes))
        write_text(out / "marking.html", of_class.marking(codes))
    return sum(row.waits for row in table), attention


def take_out(out: Path, student: str) -> None:
    """Remove what is kept of a student, but for the history and what others need."""
    term, name = Term.read(out), pages.page_name(student)
    term.take_out(student)
    term.write(out)
    folder = out / "outcomes" / name.removesuffix(".html")
    for path in (*folder.glob("*.json"), out / "feedback" / name, out / "instructor" / name):
        path.unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()
    criteria.take_out(out, student)
    codes = read_json(out / CODES) or {}
    if codes.pop(student, None):
        write_text(out / CODES, json.dumps(codes))
    written = Written.read(out)
    with gradebook.opened(out / GRADEBOOK) as opened:
        gradebook.take_out(opened, student)
        kept = {f"{student}/{unit}" for unit in gradebook.units(out / GRADEBOOK)}
        written.outcomes = {
            place: what
            for place, what in written.outcomes.items()
            if place.rpartition("/")[0] not in kept
        }
        written.seal(out, opened)


def codes_of(out: Path, students: Iterable[str], *, make: bool) -> dict[str, str]:
    """Return a code for each student, the same in every call; none if nobody asked for them."""
    path = out / CODES
    codes = read_json(path) or {}
    if not (codes or make):
        return {}
    for student in students:
        while student not in codes:
            code = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(6))
            if code not in codes.values():
                codes[student] = code
    write_text(path, json.dumps(codes))
    return codes


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
