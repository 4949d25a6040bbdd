"""What people read: the table of marks, feedback for each student, the overview of the class.

All that a student wrote is shown as text: no Markdown, no output and no HTML of theirs is rendered.
The pages load nothing, and a content security policy forbids scripts and anything from outside.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from data.core.files import write_text
from tools.teach.grade import run_tasks
from tools.teach.grade.gradebook import GRADEBOOK, Row, all_rows, opened
from tools.teach.grade.store import Submission, page_name, submission_of
from tools.teach.grade.term import State

COLUMNS = ("student", "unit", "notebook", "task", "points", "of", "reason", "needs review")
FAILURES = 3  # kinds of failure of a task in the overview, the most frequent ones
# What a person should look at, the most urgent first; the last two are folded in the overview.
KINDS = {
    "not graded": "the grader failed on these; call it again, or look at the file",
    "refused": "the file is no notebook of this course, or could not be read",
    "unclear": "who handed these in",
    "stopped": "a limit ended these, or the result was no answer",
    "left out": "files that were not graded",
    "with a note": "graded as usual; the file differs from what was released",
}


def write(out: Path, outcomes: list[dict[str, Any]], state: State) -> tuple[int, list]:
    """Write ``grades.csv``, the overview and the pages of all students.

    Returns how many answers wait for a mark, and what a person should look at, as (kind, text).
    """
    with opened(out / GRADEBOOK) as gradebook:
        table = all_rows(gradebook, outcomes, state)
    write_text(out / "grades.csv", as_csv(COLUMNS, [cells_of(row) for row in table]))
    attention = attention_of(outcomes, state)
    write_text(out / "overview.html", overview(table, outcomes, state, attention))
    results = {submission_of(outcome): outcome for outcome in outcomes}
    for student, rows in grouped(table, "student").items():
        name = str(state.people.get(student, student))
        for instructor in (False, True):
            folder = "instructor" if instructor else "feedback"
            page = student_page(name, rows, results, instructor)
            write_text(out / folder / page_name(student), page)
    return sum(row.review for row in table), attention


def grouped(table: Iterable[Row], attribute: str) -> dict[Any, list[Row]]:
    """Return rows by one of their attributes, in order."""
    groups: dict[Any, list[Row]] = {}
    for row in table:
        groups.setdefault(getattr(row, attribute), []).append(row)
    return groups


@functools.cache
def templates() -> jinja2.Environment:
    """Return the templates; every value is escaped, and hidden characters are written out."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=shown,
    )
    environment.filters["points"] = lambda value: f"{value:.10g}"
    return environment


def shown(value: Any) -> Any:
    """Return a value as a page shows it."""
    if isinstance(value, Markup):
        return Markup(visible(value))
    return visible(value) if isinstance(value, str) else value


def total(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the sum of marks; an answer without a mark counts nothing yet."""
    rows = list(rows)
    waiting = sum(row.review for row in rows)
    points = sum(0.0 if row.unmarked else row.points for row in rows)
    text = f"{'at least ' if waiting else ''}{points:.10g}"
    return {"points": text, "of": sum(row.of for row in rows), "waiting": waiting}


# ------------------------------------------------------------------ the table of marks


def cells_of(row: Row) -> tuple[str, ...]:
    """Return a row of ``grades.csv``; where a mark is still to be given, the points are blank."""
    reason = row.comment or row.reason
    if row.review and row.by_hand:
        changed = f"the answer has changed since it was marked: {row.points:g} points are kept"
        reason = f"{changed}; {row.comment}" if row.comment else changed
    points = "" if row.unmarked else f"{row.points:g}"
    review = "yes" if row.review else ""
    return *row.submission, row.task, points, f"{row.of:g}", " ".join(reason.split()), review


def as_csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV, in which no text runs as a formula or hides what it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([defused(visible(cell)) for cell in line] for line in (columns, *lines))
    return text.getvalue()


# A formula begins a cell, and a cell may begin behind whatever the reader's settings take for a
# separator. There, a plain number (an array in a message) is left alone.
NUMBER = r"(?:\d[\d.]*(?:e[+-]?\d+)?|inf|nan)(?=$|[\s\])},;:|\"'])"
FORMULA = re.compile(
    r"(?P<before>\A\s*)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])"
    r"|(?P<behind>[,;:|\t\r\n\"]\s*)"
    rf"(?='*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d](?!{NUMBER})))"
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
    name: str, rows: list[Row], results: Mapping[Submission, dict[str, Any]], instructor: bool
) -> str:
    """Return a student's feedback; the instructor's says what failed in hidden tests, too."""
    parts = [
        part(mine, results.get(submission), instructor)
        for submission, mine in grouped(rows, "submission").items()
    ]
    template = templates().get_template("student.html")
    return template.render(student=name, total=total(rows), parts=parts, instructor=instructor)


def part(rows: list[Row], outcome: Mapping[str, Any] | None, instructor: bool) -> dict[str, Any]:
    """Return what a page says of one notebook of a student."""
    known = outcome or {"tasks": [], "questions": [], "refused": "", "notes": []}
    answers = {answer["task"]: answer for answer in (*known["tasks"], *known["questions"])}
    order = list(answers)  # that of the notebook
    rows = sorted(rows, key=lambda r: order.index(r.task) if r.task in order else len(order))
    return {
        "name": "/".join(rows[0].submission[1:]),
        "absent": "" if outcome else rows[0].reason,
        "refused": known["refused"],
        "notes": known["notes"],
        "total": total(rows),
        "marks": [
            item(row, answers.get(row.task, {}), instructor)
            for row in rows
            if outcome or row.by_hand or row.comment
        ],
    }


def item(row: Row, answer: Mapping[str, Any], instructor: bool) -> dict[str, Any]:
    """Return what a page says of one task."""
    reason, detail = row.reason, answer.get("detail", "") if instructor else ""
    if answer and "verdict" not in answer:
        reason = "" if answer["answer"] else "no answer"
    if row.review:
        changed = "another look: the answer has changed since it was marked"
        reason = f"waits for {changed if row.by_hand else 'a mark'}"
    some = "part" if row.points else "none"
    return {
        "row": row,
        "reason": reason,
        "detail": "" if detail == reason else detail,
        "answer": answer.get("answer", ""),
        "kind": "code" if "verdict" in answer else "text",
        "look": "open" if row.review else "full" if row.points >= row.of else some,
    }


# ------------------------------------------------------------------ the class


def attention_of(outcomes: list[dict[str, Any]], state: State) -> list[tuple[str, str]]:
    """Return what a person should look at, as (kind, text), the most urgent first."""

    def name(outcome: Mapping[str, Any]) -> str:
        student, unit, notebook = submission_of(outcome)
        return f"{state.people.get(student, student)}, {unit}/{notebook}"

    lines = [("not graded", f"{name(o)}: {o['failed']}") for o in state.failed]
    for outcome in outcomes:
        if outcome["refused"]:
            lines.append(("refused", f"{name(outcome)}: {outcome['refused']}"))
        lines += [("with a note", f"{name(outcome)}: {note}") for note in outcome["notes"]]
        for task in (t for t in outcome["tasks"] if t["verdict"] in run_tasks.ODD):
            hidden = task["reason"] in (run_tasks.FAILS, run_tasks.FAILS_AGAIN)
            reason = task["detail"].partition("\n")[0] if hidden else task["reason"]
            text = f"{name(outcome)}: {task['task']}: {task['verdict']}: {reason}"
            lines.append(("stopped", text))
    lines += [("unclear", note) for note in state.notes]
    lines += [("left out", line) for line in state.left_out]
    return sorted(lines, key=lambda line: list(KINDS).index(line[0]))


def overview(
    table: list[Row],
    outcomes: Iterable[dict[str, Any]],
    state: State,
    attention: Iterable[tuple[str, str]],
) -> str:
    """Return the overview: what needs a person first, the tasks, the students."""
    outcomes, kinds = list(outcomes), defaultdict(list)
    for kind, line in attention:
        kinds[kind].append(line)
    there = {submission_of(outcome) for outcome in outcomes}
    answers: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for outcome in sorted(outcomes, key=lambda o: submission_of(o)[1:]):
        for answer in (*outcome["tasks"], *outcome["questions"]):
            answers[outcome["unit"], outcome["notebook"], answer["task"]].append(answer)
    rows = defaultdict(list)
    for row in table:
        if row.submission in there:
            rows[row.unit, row.notebook, row.task].append(row)
    students = [
        (str(state.people.get(student, student)), f"instructor/{page_name(student)}", total(mine))
        for student, mine in grouped(table, "student").items()
    ]
    return (
        templates()
        .get_template("class.html")
        .render(
            attention=[(kind, KINDS[kind], lines) for kind, lines in kinds.items()],
            tasks=[task_line(key, rows[key], answers[key]) for key in answers if rows[key]],
            students=students,
            notebooks=len(there),
            waiting=sum(row.review for row in table),
        )
    )


def task_line(
    key: tuple[str, str, str], rows: list[Row], answers: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return what the overview says of a task, over the students who handed it in."""
    marked = [row.points for row in rows if not row.unmarked]
    return {
        "name": "/".join(key),
        "students": len(rows),
        "mean": f"{statistics.fmean(marked):.2f}" if marked else "",
        "of": rows[0].of,
        "failures": failures(answers),
    }


def failures(answers: Iterable[dict[str, Any]]) -> list[tuple[int, str]]:
    """Return what wrong answers to a task have in common, the most frequent first.

    Failures are alike if the same line of the test fails in the same way; where no line is known,
    if their messages are alike but for numbers.
    """
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for answer in answers:
        if answer.get("verdict", "pass") == "pass":
            continue
        untouched = answer["verdict"] == "unsolved"  # its detail is the line that was given
        detail = (not untouched and answer.get("detail")) or answer["reason"]
        first = detail.partition("\n")[0][:200]
        if line := re.search(r"^in the test: (.*)$", detail, re.M):
            alike[first.partition(":")[0], line[1]].append(f"{first} in {line[1]}")
        else:
            alike[answer["verdict"], re.sub(r"\d+(\.\d+)?", "#", first)].append(first)
    ordered = sorted(alike.values(), key=len, reverse=True)
    return [(len(texts), texts[0]) for texts in ordered[:FAILURES]]
