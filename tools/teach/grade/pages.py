"""What people read: the table of marks, feedback for each student, the overview of the class.

All that a student wrote is shown as text: no Markdown, no output and no HTML of theirs is rendered.
The pages load nothing, and a content security policy forbids scripts and anything from outside.
"""

import csv
import functools
import io
import itertools
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2

from data.core.files import write_text
from tools.notebook.cells import BEGIN, END, grading, is_question, name_of, text_above
from tools.notebook.common import Notebook
from tools.teach.grade import run_tasks
from tools.teach.grade.collect import NOT_LISTED
from tools.teach.grade.gradebook import GRADEBOOK, Row, all_rows, opened
from tools.teach.grade.store import SubmissionKey, key_of, page_name
from tools.teach.grade.term import State

COLUMNS = ("student", "unit", "notebook", "task", "points", "of", "reason", "needs review")
# What a person should look at, the most urgent first; the last two are folded in the overview.
KINDS = {
    "not graded": "the grader failed on these; grade them again, or look at the file",
    "refused": "the file is not a notebook of this course, or could not be read",
    "to read again": "the answer has changed since its mark: in formgrader, enter other points, or "
    "keep these by Resolve",
    "absent": "of the class, these handed in no notebook",
    "mismatch": "the class list, the uploads or the tests do not match",
    "stopped": "a limit stopped these, or the answer was unreadable",
    "left out": "files that were not graded",
    "with a note": "graded as usual; the file differs from what was released",
}


def write(
    out: Path,
    outcomes: list[dict[str, Any]],
    state: State,
    due: Mapping[str, datetime] | None = None,
    answers: bool = False,
) -> tuple[int, list]:
    """Write ``grades.csv``, the overview and the pages of all students.

    ``due`` says until when units and other assignments may be handed in: the overview marks what
    came later. With ``answers``, students see the course's own. Returns how many answers wait for
    a mark, and what a person should look at, as (kind, text).
    """
    with opened(out / GRADEBOOK) as gradebook:
        table = all_rows(gradebook, outcomes, state)
    write_text(out / "grades.csv", as_csv(COLUMNS, [cells_of(row) for row in table]))
    attention = attention_of(outcomes, state, table)
    results = {key_of(outcome): outcome for outcome in outcomes}
    sheets = {row.submission[1:]: sheet_of(out, *row.submission[1:], answers) for row in table}
    write_text(out / "overview.html", overview(table, results, sheets, state, attention, due or {}))
    for student, rows in grouped(table, lambda row: row.student):
        name = str(state.people.get(student, student))
        for instructor in (False, True):
            folder = "instructor" if instructor else "feedback"
            page = student_page(name, rows, results, sheets, instructor)
            write_text(out / folder / page_name(student), page)
    return sum(row.review for row in table), attention


@dataclass(frozen=True)
class Sheet:
    """What a released notebook says beside its cells that are graded."""

    title: str
    questions: dict[str, str]  # Each open question with its rubric, as HTML
    answers: dict[str, str]  # The course's own solutions and model answers; none to be shown


def sheet_of(out: Path, unit: str, notebook: str, answers: bool) -> Sheet:
    """Read a released notebook; where it is lost, there are its names alone."""
    released = Notebook(out / "nbgrader" / "release" / unit / f"{notebook}.ipynb")
    if not released.path.is_file():
        return Sheet(in_words(notebook), {}, {})
    cells = released.content.cells
    above = {name_of(cell): text_above(cells, cell) for cell in filter(is_question, cells)}
    questions = {name: as_html(text.source) for name, text in above.items() if text}
    solved = Notebook(out / "nbgrader" / "source" / unit / f"{notebook}.ipynb")
    shown = model_answers(solved) if answers and solved.path.is_file() else {}
    return Sheet(f"{notebook[:2]} {released.title}", questions, shown)


def model_answers(solved: Notebook) -> dict[str, str]:
    """Return the solutions of tasks and the answers to questions, by their names."""
    own = [cell for cell in solved.content.cells if grading(cell).get("solution")]
    marks = rf" *(?:{re.escape(BEGIN)}|{re.escape(END)})\n?"
    return {name_of(cell): re.sub(marks, "", cell.source) for cell in own}


def as_html(text: str) -> str:
    """Return the Markdown of a question, which is the course's own, without its headings."""
    from nbconvert.filters import markdown2html

    return markdown2html(re.sub(r"^(#+ .*$|\*\*Open question[^*]*\*\*)", "", text, flags=re.M))


def in_order(rows: Iterable[Row], answers: Iterable[str]) -> list[Row]:
    """Return rows in the order of a notebook's tasks; those that it lacks come last."""
    order = list(answers)
    return sorted(rows, key=lambda row: (order + [row.task]).index(row.task))


def grouped(table: Iterable[Row], key: Callable[[Row], Any]) -> list[tuple[Any, list[Row]]]:
    """Return rows that are in order, by something that is the same in some of them."""
    return [(value, list(rows)) for value, rows in itertools.groupby(table, key)]


@functools.cache
def template(name: str) -> jinja2.Template:
    """Return a template; every value is escaped, and hidden characters are written out."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters["points"] = lambda value: f"{value:.10g}"
    return environment.get_template(name)


def total(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the sum of marks; an answer without a mark counts nothing yet."""
    rows = list(rows)
    waiting = sum(row.review for row in rows)
    points = sum(0.0 if row.unmarked else row.points for row in rows)
    least = any(row.unmarked for row in rows)
    text = f"{'at least ' if least else ''}{points:.10g}"
    return {"points": text, "of": sum(row.of for row in rows), "waiting": waiting}


# ------------------------------------------------------------------ the table of marks


def cells_of(row: Row) -> tuple[str, ...]:
    """Return a row of ``grades.csv``; where a mark is still to be given, the points are blank."""
    points, review = "" if row.unmarked else f"{row.points:g}", "yes" if row.review else ""
    reason = " ".join("; ".join(filter(None, (reason_of(row), row.comment))).split())
    return *row.submission, row.task, points, f"{row.of:g}", reason, review


def reason_of(row: Row) -> str:
    """Return why a mark is what it is, beside the comment of the person who gave it."""
    if row.changed:
        return "has to be marked again: the answer has changed since it was marked"
    return row.reason or ("not marked yet" if row.unmarked else "")


def as_csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV, in which no text runs as a formula or hides what it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([defused(visible(cell)) for cell in line] for line in (columns, *lines))
    return text.getvalue()


# A formula begins a cell, and a cell may begin behind whatever the reader's settings take for a
# separator. There, a plain number (an array in a message) is left alone.
SIGN, NUMBER = r"'*[=+\-@\uff1d\uff0b\uff0d\uff20]", r"\d[\d.]*(?:e[+-]?\d+)?|inf|nan"
FORMULA = re.compile(
    rf"\A\s*(?={SIGN})"
    rf"|[,;:|\t\r\n\"]\s*(?={SIGN})(?!'*[+-](?:{NUMBER})(?=$|[\s\])}},;:|\"']))"
)
# Escape codes, and characters that turn the order of writing around: a terminal, a spreadsheet or
# a browser would show something other than what is there.
HIDING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def visible(text: str) -> str:
    r"""Write out characters that hide or act, as ``\x1b`` or ``\u202e``."""
    text = text.replace("\r\n", "\n")
    return HIDING.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def defused(text: str) -> str:
    """Put an apostrophe before what Excel and others would take for a formula."""
    return FORMULA.sub(lambda match: f"{match[0]}'", text)


# ------------------------------------------------------------------ a student


def student_page(
    name: str,
    rows: list[Row],
    results: Mapping[SubmissionKey, dict[str, Any]],
    sheets: Mapping[tuple[str, str], Sheet],
    instructor: bool,
) -> str:
    """Return a student's feedback; the instructor's says what failed in hidden tests, too."""
    parts = [
        part(sheets[submission[1:]], mine, results.get(submission), instructor)
        for submission, mine in grouped(rows, lambda row: row.submission)
    ]
    values = {"student": name, "total": total(rows), "parts": parts, "instructor": instructor}
    return template("student.html").render(values)


def part(
    sheet: Sheet, rows: list[Row], outcome: Mapping[str, Any] | None, instructor: bool
) -> dict[str, Any]:
    """Return what a page says of one notebook of a student, the tasks in its order."""
    known = outcome or {"tasks": [], "questions": [], "refused": "", "notes": []}
    answers = {answer["task"]: answer for answer in (*known["tasks"], *known["questions"])}
    marks = [
        mark(row, answers.get(row.task, {}), sheet.questions.get(row.task, ""), instructor)
        | {"model": sheet.answers.get(row.task, "")}
        for row in in_order(rows, answers)
        if (outcome and not known["refused"]) or row.by_hand or row.comment
    ]
    head = {"title": sheet.title, "unit": in_words(rows[0].unit), "marks": marks}
    head |= {"refused": known["refused"], "notes": known["notes"]}
    return head | {"total": total(rows), "absent": "" if outcome else rows[0].reason}


def mark(row: Row, answer: Mapping[str, Any], question: str, instructor: bool) -> dict[str, Any]:
    """Return what a page says of one task or question: the mark, the reason, the answer."""
    text, is_code = answer.get("answer", ""), "verdict" in answer
    reason = reason_of(row) or ("no answer" if answer and not text else "")
    detail = answer.get("detail", "") if instructor and answer.get("verdict") != "unsolved" else ""
    said, _, more = reason.partition("\n")
    return {
        "row": row,
        "heading": "Open question" if question else "Task",
        "name": "" if question else row.task,
        "question": question,
        "reason": said,
        "more": more,
        "detail": "" if detail == reason else detail,
        "text": text,
        "kind": "code" if is_code else "text",
    }


def in_words(name: str) -> str:
    """Return the name of a unit as people say it."""
    return name.replace("_", " ")


# ------------------------------------------------------------------ the class


def attention_of(
    outcomes: list[dict[str, Any]], state: State, table: Iterable[Row]
) -> list[tuple[str, str]]:
    """Return what a person should look at, as (kind, text), the most urgent first."""

    def of(student: str, unit: str, notebook: str) -> str:
        return f"{state.people.get(student, student)}, {unit}/{notebook}"

    def name(outcome: Mapping[str, Any]) -> str:
        return of(*key_of(outcome))

    lines = [("not graded", f"{name(o)}: {o['failed']}") for o in state.failed]
    for outcome in outcomes:
        if outcome["refused"]:
            lines.append(("refused", f"{name(outcome)}: {outcome['refused']}"))
        lines += [("with a note", f"{name(outcome)}: {note}") for note in outcome["notes"]]
        for task in (t for t in outcome["tasks"] if t["verdict"] in run_tasks.ABNORMAL):
            hidden = task["reason"] in (run_tasks.FAILS, run_tasks.FAILS_AGAIN)
            reason = task["detail"].partition("\n")[0] if hidden else task["reason"]
            text = f"{name(outcome)}: {task['task']}: {task['verdict']}: {reason}"
            lines.append(("stopped", text))
    lines += [
        ("to read again", f"{of(*row.submission)}: {row.task}") for row in table if row.changed
    ]
    lines += [("absent", name) for name in state.absent]
    lines += [("mismatch", note) for note in state.notes]
    for line in state.left_out:
        lines.append(("mismatch" if NOT_LISTED in line else "left out", line))
    return sorted(lines, key=lambda line: list(KINDS).index(line[0]))


def overview(
    table: list[Row],
    results: Mapping[SubmissionKey, Any],
    sheets: Mapping[tuple[str, str], Sheet],
    state: State,
    attention: Iterable[tuple[str, str]],
    due: Mapping[str, datetime],
) -> str:
    """Return the overview: what needs a person first, then the students and tasks of each unit."""
    kinds = defaultdict(list)
    for kind, line in attention:
        kinds[kind].append(line)
    by_unit = grouped(sorted(table, key=lambda row: row.unit), lambda row: row.unit)
    units = [unit_part(unit, rows, results, sheets, state, due) for unit, rows in by_unit]
    values = {
        "attention": [(kind, KINDS[kind], lines) for kind, lines in kinds.items()],
        "units": units,
        "students": len({row.student for row in table}),
        "notebooks": len(results),
        "waiting": sum(row.review for row in table),
    }
    return template("class.html").render(values)


def unit_part(
    unit: str,
    rows: list[Row],
    results: Mapping[SubmissionKey, Any],
    sheets: Mapping[tuple[str, str], Sheet],
    state: State,
    due: Mapping[str, datetime],
) -> dict[str, Any]:
    """Return what the overview says of a unit: a line a student, and a line a task."""
    by_notebook = operator.attrgetter("notebook")
    names = sorted({row.notebook for row in rows})
    students = [
        {
            "name": str(state.people.get(student, student)),
            "page": f"instructor/{page_name(student)}",
            "cells": cells_by_notebook(mine, results),
            "reason": mine[0].reason,  # why there are none
            "total": total(mine),
            "late": late(due.get(unit), state.times.get((student, unit), 0)),
        }
        for student, mine in grouped(rows, lambda row: row.student)
    ]
    tasks = [
        line
        for name, mine in grouped(sorted(rows, key=by_notebook), by_notebook)
        for line in task_lines(sheets[unit, name], mine, results)
    ]
    numbers = [name[:2] for name in names]
    if len({*numbers}) < len(numbers):  # notebooks of several units
        numbers = [in_words(name) for name in names]
    return {
        "name": in_words(unit),
        "due": f"{due[unit]:%d %B %Y, %H:%M}" if unit in due else "",
        "notebooks": [
            (number, sheets[unit, name].title) for number, name in zip(numbers, names, strict=True)
        ],
        "students": students,
        "tasks": tasks,
    }


def late(due: datetime | None, handed_in: float) -> str:
    """Return when something was handed in, in seconds, if that was after a date; else ""."""
    if due is None or handed_in <= due.timestamp():
        return ""
    return f"{datetime.fromtimestamp(handed_in):%d %B, %H:%M}"


def cells_by_notebook(rows: list[Row], results: Mapping[SubmissionKey, Any]) -> list[str]:
    """Return a student's points a notebook; an empty list if none was handed in or marked."""
    cells = []
    for submission, mine in grouped(rows, lambda row: row.submission):
        marked = any(row.points or row.review for row in mine)  # such as after an oral exam
        points = sum(0.0 if row.unmarked else row.points for row in mine)
        more = " + ?" if any(row.unmarked for row in mine) else ""
        more += " (?)" if any(row.changed for row in mine) else ""
        refused = submission in results and results[submission]["refused"]
        text = "refused" if refused and not marked else f"{points:.10g}{more}"
        cells.append(text if marked or submission in results else "")
    return cells if any(cells) else []


def task_lines(
    sheet: Sheet, rows: Iterable[Row], results: Mapping[SubmissionKey, Any]
) -> Iterator[dict[str, Any]]:
    """Yield how a notebook's tasks went for those who handed in a file that could be read."""
    there = [row for row in rows if row.submission in results]
    there = [row for row in there if not results[row.submission]["refused"]]
    tasks: dict[str, list[Row]] = defaultdict(list)
    for row in there:
        tasks[row.task].append(row)
    first = results[there[0].submission] if there else {"tasks": [], "questions": []}
    order = [answer["task"] for answer in (*first["tasks"], *first["questions"])]
    for row in in_order((mine[0] for mine in tasks.values()), order):
        waiting = sum(other.review for other in tasks[row.task])
        marks = [other.points for other in tasks[row.task] if not other.unmarked]
        yield {
            "notebook": sheet.title,
            "name": "" if row.task in sheet.questions else row.task,
            "of": row.of,
            "solved": sum(points >= row.of for points in marks),
            "marks": len(marks),
            "waiting": waiting,
            "mean": f"{sum(marks) / len(marks):.1f}" if marks else "",
        }
