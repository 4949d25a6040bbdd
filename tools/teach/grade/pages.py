"""Feedback for each student, and pages for the instructor, which load nothing.

All that a student wrote is shown as text: no markdown, no output and no HTML of theirs is
rendered, and a content security policy forbids scripts, pictures and anything from outside.
"""

from __future__ import annotations

import functools
import hashlib
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from tools.notebook.common import Notebook
from tools.teach.grade.rows import Row, Total, visible
from tools.teach.grade.students import Student

SHOWN = 20_000  # characters of an answer on a page
FIRST = 8  # of a list that may be long; the others unfold
Where = tuple[str, str, str]  # student, unit, notebook


@functools.cache
def templates() -> jinja2.Environment:
    """Return the templates; every value is escaped."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).resolve().parent / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=shown,
    )
    found.filters["mark"] = lambda value: f"{value:g}"
    return found


def shown(value: Any) -> Any:
    """Return what a page shows of a value: characters that hide or act are written out."""
    if isinstance(value, Markup):
        return Markup(visible(value))
    return visible(value) if isinstance(value, str) else value


def shortened(text: str) -> str:
    """Return as much of an answer as a page shows."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n… cut after {SHOWN:,} characters"


def page_name(student: str) -> str:
    """Return a file name for a student: readable, safe, and no two alike."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:60] or "student"
    digest = hashlib.sha256(student.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return f"{plain}-{digest}.html"


def questions_of(notebooks: Iterable[Notebook]) -> dict[tuple[str, str, str], str]:
    """Return what stands before each open question's answer: the question and its rubric.

    The notebooks are those that students have.
    """
    found = {}
    for notebook in notebooks:
        before = ""
        for cell in notebook.raw["cells"]:
            source = "".join(cell["source"])
            block = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "markdown" and block.get("grade"):
                place = (notebook.path.parent.name, notebook.path.stem, block["grade_id"])
                found[place] = before
            before = source if cell["cell_type"] == "markdown" else ""
    return found


@dataclass(frozen=True)
class Class:
    """What the pages are made of."""

    table: list[Row]  # All marks
    outcomes: list[dict[str, Any]]  # Of ``examine``
    people: Mapping[str, Student]  # The class, as far as there is a list of it
    # The text of the open questions, with their rubrics
    questions: Mapping[tuple[str, str, str], str]

    @cached_property
    def rows_of(self) -> dict[str, dict[Where, list[Row]]]:
        """Marks by student and notebook."""
        found: dict[str, dict[Where, list[Row]]] = {}
        for row in self.table:
            found.setdefault(row.student, {}).setdefault(row.place[:3], []).append(row)
        return found

    @cached_property
    def there(self) -> dict[Where, dict[str, Any]]:
        """Outcomes by student, unit and notebook."""
        return {(o["student"], o["unit"], o["notebook"]): o for o in self.outcomes}

    @property
    def students(self) -> list[str]:
        """All students, in order."""
        return list(self.rows_of)

    def name(self, student: str) -> str:
        """Return how a person is named on a page."""
        return str(self.people.get(student, student))

    # ------------------------------------------------------------ one student

    def student(self, student: str, *, for_instructor: bool = False) -> str:
        """Return a student's feedback.

        With ``for_instructor`` it also says what failed in hidden tests, which students don't see.
        """
        mine = self.rows_of[student]
        return (
            templates()
            .get_template("student.html")
            .render(
                student=self.name(student),
                for_instructor=for_instructor,
                parts=[self._part(where, rows, for_instructor) for where, rows in mine.items()],
                total=Total.of_rows(row for rows in mine.values() for row in rows),
            )
        )

    def _part(self, where: Where, rows: list[Row], for_instructor: bool) -> dict[str, Any]:
        """Return what there is to say of one notebook of a student."""
        outcome = self.there.get(where)
        known = outcome or {"tasks": [], "questions": [], "refused": "", "notes": []}
        answers = {t["task"]: t for t in (*known["tasks"], *known["questions"])}
        order = list(answers)  # that of the notebook
        rows = sorted(rows, key=lambda r: order.index(r.task) if r.task in order else len(order))
        return {
            "unit": where[1],
            "notebook": where[2],
            "absent": "" if outcome else rows[0].reason,
            "refused": known["refused"],
            "notes": known["notes"],
            "total": Total.of_rows(rows),
            "marks": [
                self._item(row, answers.get(row.task, {}), for_instructor)
                for row in rows
                if outcome or row.by_hand or row.comment
            ],
        }

    def _item(self, row: Row, answer: dict[str, Any], for_instructor: bool) -> dict[str, Any]:
        """Return what there is to say of one task."""
        is_task = "verdict" in answer
        text = shortened(answer.get("answer", ""))
        reason = row.reason
        if not is_task and answer:
            reason = "" if text else "no answer"
        if row.unmarked:
            reason = "waits for a mark"
        elif row.review:
            reason = "waits for another look: the answer has changed since it was marked"
        detail = answer.get("detail", "") if for_instructor else ""
        return {
            "task": row.task,
            "points": None if row.unmarked else row.points,
            "of": row.of,
            "reason": reason,
            "detail": "" if detail == reason else detail,
            "comment": row.comment,
            "question": self.questions.get(row.place[1:], ""),
            "look": look(row),
            "kind": "code" if is_task else "text",
            "answer": text,
        }

    # ------------------------------------------------------------ the class

    def overview(self, attention: list[tuple[str, str]]) -> str:
        """Return the overview of the class: what needs a person first, tasks, students.

        ``attention`` is what a person should look at, (kind, text), the worst kind first.
        """
        kinds: dict[str, list[str]] = {}
        for kind, line in attention:
            kinds.setdefault(kind, []).append(line)
        template = templates().get_template("class.html")
        return template.render(
            students=[self._line(student) for student in self.students],
            handed_in=len(self.there),
            waiting=sum(row.review for row in self.table),
            attention=[
                (kind, WHAT[kind], kind in URGENT, lines[:FIRST], lines[FIRST:])
                for kind, lines in kinds.items()
            ],
            parts=[self._tasks(*place) for place in sorted({w[1:] for w in self.there})],
        )

    def _line(self, student: str) -> dict[str, Any]:
        mine = self.rows_of[student]
        return {
            "name": self.name(student),
            "page": f"instructor/{page_name(student)}",
            "notebooks": sum(where in self.there for where in mine),
            "total": Total.of_rows(row for rows in mine.values() for row in rows),
        }

    def _tasks(self, unit: str, notebook: str) -> dict[str, Any]:
        """Return what there is to say of the tasks of a notebook, in their order."""
        rows: dict[str, list[Row]] = defaultdict(list)
        answers: dict[str, list[dict[str, Any]]] = {}
        for where in (w for w in self.there if w[1:] == (unit, notebook)):
            outcome = self.there[where]
            for task in (*outcome["tasks"], *outcome["questions"]):
                answers.setdefault(task["task"], []).append(task)
            for row in self.rows_of.get(where[0], {}).get(where, []):
                rows[row.task].append(row)
        return {
            "name": f"{unit}/{notebook}",
            "tasks": [_task(name, rows[name], answers[name]) for name in answers if rows[name]],
        }


WHAT = {
    "not graded": "the grader failed on these; call it again, or look at the file",
    "refused": "the file is no notebook of this course, or could not be read",
    "in doubt": "whose these are",
    "odd": "a limit ended these, or what came back was no answer",
    "left out": "files that nothing was done with",
    "with a note": "graded as usual; what was odd about the file",
}
URGENT = {"not graded", "refused", "in doubt", "odd"}  # the others unfold


def look(row: Row) -> str:
    """Return how a mark is set apart: "open", "full", "part" or "none"."""
    if row.review:
        return "open"
    if row.points >= row.of:
        return "full"
    return "part" if row.points else "none"


def _task(name: str, rows: list[Row], answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return points and failures of a task, over the students who handed it in."""
    marked = [row.points for row in rows if not row.unmarked]
    return {
        "name": name,
        "of": rows[0].of,
        "number": len(rows),
        "waiting": sum(row.unmarked for row in rows),
        "mean": statistics.fmean(marked) if marked else None,
        "full": sum(points >= rows[0].of for points in marked),
        "failures": list(failures(answers)),
    }


def failures(answers: Iterable[dict[str, Any]], most: int = 3) -> Iterator[tuple[int, str]]:
    """Yield what wrong answers to a task have in common, the most frequent first.

    Failures are alike if the same line of the test fails in the same way; where no line is known,
    if their messages are alike but for numbers.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for answer in answers:
        if answer.get("verdict", "pass") != "pass":
            untouched = answer["verdict"] == "unsolved"  # its detail is the line that was given
            detail = (not untouched and answer.get("detail")) or answer["reason"]
            first = detail.partition("\n")[0]
            line = re.search(r"^in the test: (.*)$", detail, re.M)
            alike = (
                (first.partition(":")[0], line[1])
                if line
                else (answer["verdict"], re.sub(r"\d+(\.\d+)?", "#", first)[:200])
            )
            found[alike].append(f"{first[:200]} in {line[1]}" if line else first[:200])
    ordered = sorted(found.values(), key=len, reverse=True)
    yield from ((len(texts), texts[0]) for texts in ordered[:most])
