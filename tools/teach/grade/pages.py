"""Feedback for each student, and pages for the instructor, which load nothing.

All that a student wrote is shown as text: no markdown, no output and no HTML of theirs is
rendered, and a content security policy forbids scripts, pictures and anything from outside. The
overview alone has a script, which searches and sorts its table of students: the policy names that
script by its hash, so that no other one runs.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from tools.notebook.common import Notebook
from tools.teach.grade import analysis
from tools.teach.grade.policy import Rules
from tools.teach.grade.roster import Student
from tools.teach.grade.rows import Row, visible
from tools.teach.grade.tables import person
from tools.teach.grade.totals import (
    IS_EXCUSED,
    Total,
    Totals,
    Where,
    by_student,
    spread,
    together,
    told_late,
    told_points,
)

SHOWN = 20_000  # characters of an answer on a page
FIRST = 8  # of a list that may be long; the others unfold
BINS = 10  # bars of a histogram at most
WIDTH, HIGH = 200.0, 40.0  # of a histogram and its bars, in its own units


@functools.cache
def templates() -> jinja2.Environment:
    """Return the templates; every value is escaped."""
    folder = Path(__file__).resolve().parent / "pages"
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
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
    notebooks: Totals  # Points, lateness, penalties
    people: Mapping[str, Student]  # The roster, as far as there is one
    # The text of the open questions, with their rubrics
    questions: Mapping[tuple[str, str, str], str]
    rules: Rules = field(default_factory=Rules)
    # When notebooks were handed in, in seconds, where that is known
    times: Mapping[Where, float] = field(default_factory=dict)

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

    def student(
        self, student: str, unit: str | None = None, *, for_instructor: bool = False
    ) -> str:
        """Return a student's feedback, on one unit or on all.

        With ``for_instructor`` it also says what failed in hidden tests, which students don't see.
        """
        mine = [where for where in self.rows_of[student] if unit in (None, where[1])]
        units = [self.notebooks.units[student, name] for name in sorted({w[1] for w in mine})]
        total = together(units)
        template = templates().get_template("student.html")
        return template.render(
            student=self.name(student),
            email=person(student, self.people).email if for_instructor else "",
            for_instructor=for_instructor,
            parts=self.parts(student, unit, for_instructor=for_instructor),
            total=total,
            told=told_points(total),
            notes=[note for one in units for note in one.notes],
        )

    def parts(
        self, student: str, unit: str | None = None, *, for_instructor: bool = False
    ) -> list[dict[str, Any]]:
        """Return what there is to say of each notebook of a student."""
        mine = self.rows_of[student].items()
        return [
            self._part(where, rows, for_instructor)
            for where, rows in mine
            if unit in (None, where[1])
        ]

    def _part(self, where: Where, rows: list[Row], for_instructor: bool) -> dict[str, Any]:
        outcome = self.there.get(where)
        known = outcome or {"tasks": [], "questions": [], "refused": "", "notes": []}
        answers = {t["task"]: t for t in (*known["tasks"], *known["questions"])}
        order = list(answers)  # that of the notebook
        total = self.notebooks[where]
        return {
            "unit": where[1],
            "notebook": where[2],
            "absent": "" if outcome or total.aside else rows[0].reason,
            "refused": known["refused"],
            "notes": known["notes"],
            "total": total,
            "told": told_points(total),
            "marks": [
                self._item(row, answers.get(row.task, {}), for_instructor)
                for row in sorted(
                    rows, key=lambda r: order.index(r.task) if r.task in order else 99
                )
                if outcome or row.by_hand or row.comment
            ],
        }

    def _item(self, row: Row, answer: dict[str, Any], for_instructor: bool) -> dict[str, Any]:
        is_task = "verdict" in answer
        text = shortened(answer.get("answer", ""))
        reason = row.reason
        if not is_task and answer:
            reason = "" if text else "no answer"
        if row.unmarked:
            reason = "waits for a mark" if row.waits else row.reason
        elif row.waits:
            reason = "waits for another look: the answer has changed since it was marked"
        detail = answer.get("detail", "") if for_instructor else ""
        return {
            "task": row.task,
            "points": None if row.unmarked and row.waits else row.points,
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
        script = (Path(__file__).resolve().parent / "pages" / "overview.js").read_text("utf-8")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        kinds: dict[str, list[str]] = {}
        for kind, line in attention:
            kinds.setdefault(kind, []).append(line)
        students = [self._line(s, total) for s, total in by_student(self.notebooks).items()]
        took_part = [s for s in students if s["notebooks"] and not s["total"].aside]
        template = templates().get_template("class.html")
        return template.render(
            script=Markup(script),
            script_hash=digest,
            students=students,
            handed_in=len(self.there),
            waiting=sum(r.waits for r in self.table),
            attention=[
                (kind, WHAT[kind], kind in URGENT, lines[:FIRST], lines[FIRST:])
                for kind, lines in kinds.items()
            ],
            spread=spread([s["total"].points for s in took_part]) if took_part else None,
            whole=histogram(
                [s["total"].points for s in took_part],
                max((s["total"].of for s in took_part), default=0),
            ),
            took_part=len(took_part),
            items=self._items(),
            groups=self._groups([s["id"] for s in students if s["notebooks"]]),
            days=self._days(),
            parts=[part for place in self._places if (part := self._tasks(*place))["number"]],
        )

    def _items(self) -> list[analysis.Item]:
        """Return all tasks that count, the hardest first."""

        def counts(row: Row) -> bool:
            where = row.place[:3]
            judged = where in self.there and self.notebooks[where].judged
            return judged and row.place[1:] not in self.rules.withdrawn

        return analysis.items(self.table, counts)

    def _groups(self, took_part: list[str]) -> list[analysis.Group]:
        totals = by_student(self.notebooks)
        named = {s: person(s, self.people).group for s in totals}
        return analysis.groups(named, totals, set(took_part))

    def _days(self) -> list[dict[str, Any]]:
        """Return hand-ins by day as bars, for each unit."""
        judged = {w: t for w, t in self.times.items() if w in self.there and w in self.notebooks}
        times = {w: t for w, t in judged.items() if self.notebooks[w].judged}
        found = analysis.hand_ins(times, self.rules.due_of, self.rules.zone)
        return [
            {"unit": one.unit, "due": one.due, "number": one.number, "bars": bars(one.bars)}
            for one in found
        ]

    @property
    def _places(self) -> list[tuple[str, str]]:
        return sorted({where[1:] for where in self.there})

    def _line(self, student: str, total: Total) -> dict[str, Any]:
        handed_in = sum(where in self.there for where in self.rows_of[student])
        flags = {
            "mark": total.waiting,
            "late": total.late,
            "absent": not handed_in and total.aside != IS_EXCUSED,
            "half": handed_in and total.points < total.of / 2,
        }
        return {
            "id": student,
            "name": self.name(student),
            "group": person(student, self.people).group,
            "page": f"instructor/{page_name(student)}",
            "notebooks": handed_in,
            "total": total,
            "told": told_points(total),
            "late": told_late(total.late) if total.late else "",
            "flags": " ".join(flag for flag, there in flags.items() if there),
        }

    def _tasks(self, unit: str, notebook: str) -> dict[str, Any]:
        """Return what there is to say of the tasks of a notebook, in their order."""
        rows: dict[str, list[Row]] = defaultdict(list)
        answers: dict[str, list[dict[str, Any]]] = {}
        for where, outcome in self.there.items():
            if where[1:] == (unit, notebook) and self.notebooks[where].judged:
                for task in (*outcome["tasks"], *outcome["questions"]):
                    answers.setdefault(task["task"], []).append(task)
                for row in self.rows_of.get(where[0], {}).get(where, []):
                    rows[row.task].append(row)
        totals = [
            t.points
            for w, t in self.notebooks.items()
            if w[1:] == (unit, notebook) and w in self.there and t.judged
        ]
        return {
            "name": f"{unit}/{notebook}",
            "number": len(totals),
            "spread": spread(totals) if totals else None,
            "of": max(t.of for w, t in self.notebooks.items() if w[1:] == (unit, notebook)),
            "tasks": [_task(name, rows[name], answers[name]) for name in answers if rows[name]],
        }


WHAT = {
    "not graded": "the grader failed on these; call it again, or look at the file",
    "refused": "the file is no notebook of this course, or could not be read",
    "in doubt": "whose these are",
    "to import": "before you import grades into Moodle or Canvas",
    "odd": "a limit ended these, or what came back was no answer",
    "left out": "files that nothing was done with",
    "late": "handed in after the due date",
    "by policy": "what a policy does for single students",
    "with a note": "graded as usual; what was odd about the file",
}
URGENT = {"not graded", "refused", "in doubt", "odd"}  # the others unfold


def look(row: Row) -> str:
    """Return how a mark is set apart: "open", "full", "part" or "none"."""
    if row.waits:
        return "open"
    if row.points >= row.of:
        return "full"
    return "part" if row.points else "none"


def _task(name: str, rows: list[Row], answers: list[dict[str, Any]]) -> dict[str, Any]:
    marked = [r.points for r in rows if not r.unmarked]
    waiting = sum(r.unmarked and r.waits for r in rows)
    return {
        "name": name,
        "of": rows[0].of,
        "spread": spread(marked) if marked else None,
        "waiting": waiting,
        "histogram": histogram(marked, rows[0].of),
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


def histogram(values: list[float], of: float) -> dict[str, Any]:
    """Return bars: how many values, of at most ``of``, there are at each point or in a few bins."""
    top = max(of, 1.0, *values)
    fine = top < BINS  # a bar for each point
    width = 1 if fine else math.ceil(top / BINS)  # whole points, short enough below the bars
    number = int(top) + 1 if fine else math.ceil(top / width)
    counts = Counter(min(round(v) if fine else int(v / width), number - 1) for v in values)
    labels = [f"{n}" if fine else f"{n * width} to {(n + 1) * width}" for n in range(number)]
    feet = [f"{n * width}" for n in range(number)]
    return bars([(feet[n], counts[n]) for n in range(number)], labels) | {"of": top}


def bars(counted: Sequence[tuple[str, int]], labels: Sequence[str] = ()) -> dict[str, Any]:
    """Return bars of what was counted, (what stands below a bar, how many).

    ``labels`` is what bars are called, if that is something else.
    """
    labels = labels or [foot for foot, _ in counted]
    most = max(1, *(count for _, count in counted))
    step = WIDTH / len(counted)
    thick = min(step - 2, 24.0)
    found = []
    for place, ((foot, count), label) in enumerate(zip(counted, labels, strict=True)):
        high = max(0.6, HIGH * count / most)
        left = place * step + 1
        found.append(
            {
                "label": label,
                "foot": foot,
                "count": count,
                "left": round(left, 1),
                "middle": round(left + thick / 2, 1),
                "top": round(HIGH + 10 - high, 1),
                "high": round(high, 1),
            }
        )
    told = ", ".join(f"{b['count']} with {b['label']}" for b in found if b["count"])
    return {"bars": found, "told": told or "nobody", "thick": round(thick, 1)}
