"""Feedback for each student, and an overview of the class, as pages that run and load nothing.

All that a student wrote is shown as text: no markdown, no output and no HTML of theirs is
rendered, and a content security policy forbids scripts, pictures and anything from outside.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from tools.grade.book import Row

SHOWN = 20_000  # characters of an answer on a page
COLOURED = 200_000  # characters of HTML of a coloured answer; a longer one is shown plain


@functools.cache
def templates() -> jinja2.Environment:
    """Return the templates; every value is escaped."""
    from pygments.formatters import HtmlFormatter

    folder = Path(__file__).resolve().parent / "pages"
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
    )
    found.filters["mark"] = lambda value: f"{value:g}"
    style = HtmlFormatter(style="friendly_grayscale").get_style_defs("pre .code")
    found.globals["code_style"] = Markup(style)
    return found


def code(source: str) -> Markup:
    """Return Python source as HTML, with its words set apart."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter

    from tools.grade.lexer import PythonWords

    inner = Markup(highlight(source, PythonWords(stripnl=False), HtmlFormatter(nowrap=True)))
    if len(inner) > COLOURED:
        inner = escape(source)
    return Markup('<pre><span class="code">') + inner + Markup("</span></pre>")


def shortened(text: str) -> str:
    """Return as much of an answer as a page shows."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n… cut after {SHOWN:,} characters"


def page_name(student: str) -> str:
    """Return a file name for a student: readable, safe, and no two alike."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:60] or "student"
    digest = hashlib.sha256(student.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return f"{plain}-{digest}.html"


def student_page(student: str, table: list[Row], outcomes: Iterable[dict[str, Any]]) -> str:
    """Return a student's feedback.

    Parameters
    ----------
    student : str
        Name.
    table : list of Row
        All marks of the student.
    outcomes : iterable of dict
        Of ``examine``, for what was handed in.
    """
    by_notebook = {(o["unit"], o["notebook"]): o for o in outcomes}
    parts = []
    for place in sorted({(r.unit, r.notebook) for r in table}):
        mine = [r for r in table if (r.unit, r.notebook) == place]
        parts.append(_part(*place, mine, by_notebook.get(place)))
    return (
        templates()
        .get_template("student.html")
        .render(
            student=student,
            parts=parts,
            points=sum(r.points for r in table),
            of=sum(r.of for r in table),
            waiting=sum(r.review for r in table),
        )
    )


def _part(unit: str, notebook: str, table: list[Row], outcome: dict | None) -> dict[str, Any]:
    known = outcome or {"tasks": [], "questions": [], "refused": "", "notes": []}
    answers = {t["task"]: t for t in (*known["tasks"], *known["questions"])}
    order = list(answers)  # that of the notebook
    return {
        "unit": unit,
        "notebook": notebook,
        "there": outcome is not None,
        "refused": known["refused"],
        "notes": known["notes"],
        "points": sum(r.points for r in table),
        "of": sum(r.of for r in table),
        "marks": [
            _item(row, answers.get(row.task, {}))
            for row in sorted(table, key=lambda r: order.index(r.task) if r.task in order else 99)
            if outcome
        ],
    }


def _item(row: Row, answer: dict[str, Any]) -> dict[str, Any]:
    is_task = "verdict" in answer
    text = shortened(answer.get("answer", ""))
    reason = row.reason
    if not is_task:
        reason = "waits for a mark" if row.review else ("" if text else "no answer")
    look = "open" if row.review else ("full" if row.points >= row.of else "none")
    return {
        "task": row.task,
        "points": row.points,
        "of": row.of,
        "reason": reason,
        "comment": row.comment,
        "look": look,
        "code": code(text) if is_task and text else None,
        "answer": text,
    }


def class_page(table: list[Row], outcomes: list[dict[str, Any]], attention: list[str]) -> str:
    """Return the overview of the class, with a histogram for each task."""
    there = {(o["student"], o["unit"], o["notebook"]) for o in outcomes}
    by_student = defaultdict(list)
    for row in table:
        by_student[row.student].append(row)
    students = [
        {
            "name": name,
            "page": f"feedback/{page_name(name)}",
            "notebooks": sum(place[0] == name for place in there),
            "points": sum(r.points for r in mine),
            "of": sum(r.of for r in mine),
            "waiting": sum(r.review for r in mine),
        }
        for name, mine in sorted(by_student.items())
    ]
    handed_in = [r for r in table if (r.student, r.unit, r.notebook) in there]
    return (
        templates()
        .get_template("class.html")
        .render(
            students=students,
            handed_in=len(there),
            waiting=sum(r.review for r in table),
            attention=attention,
            histograms=histograms(handed_in, outcomes),
        )
    )


def histograms(
    table: list[Row], outcomes: list[dict[str, Any]]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return, by notebook, how often each mark of each task was given; tasks in their order."""
    by_notebook: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        for task in (*outcome["tasks"], *outcome["questions"]):
            by_notebook[f"{outcome['unit']}/{outcome['notebook']}"][task["task"]] = []
    for row in table:
        by_notebook[f"{row.unit}/{row.notebook}"][row.task].append(row)
    return [
        (notebook, [_histogram(name, mine) for name, mine in tasks.items() if mine])
        for notebook, tasks in sorted(by_notebook.items())
    ]


def _histogram(name: str, table: list[Row]) -> dict[str, Any]:
    marked = [r for r in table if not r.review]
    counts = Counter(round(r.points) for r in marked)
    of, most = table[0].of, max(counts.values(), default=1)
    bars = [
        {"points": p, "count": counts[p], "height": round(4 * counts[p] / most, 2)}
        for p in range(int(max(of, *counts, 0)) + 1)
    ]
    told = ", ".join(f"{b['count']} with {b['points']} points" for b in bars if b["count"])
    mean = f"mean {sum(r.points for r in marked) / len(marked):.2f}" if marked else "no marks yet"
    waiting = len(table) - len(marked)
    mean += f"; {waiting} to mark" if waiting else ""
    return {"name": name, "of": of, "bars": bars, "told": told or mean, "mean": mean}
