"""The first page: docs/index.md with the parts that come from the notebooks."""

from __future__ import annotations

import copy
import os
import re

from tools.notebook import launch, order, outputs
from tools.notebook.common import NOTEBOOKS, Notebook
from tools.publish import pictures
from tools.publish.book import lesson
from utils import lessons, results, touch

SHARES = ("test_accuracy", "test_accuracy_by_recording", "threshold_accuracy_by_recording")
OPENS = "03/01"  # the notebook whose figure to touch opens the page


def page(text: str, every: list[Notebook]) -> str:
    """Return the page; a line of ``text`` such as ``<!-- weeks -->`` is replaced by that part."""
    opening = next(n for n in every if n.id == OPENS)
    first = order.in_order(every)[0]  # what `course.py progress` names first, too
    parts = {
        "actions": actions(first),
        "figure": figure(opening),
        "shares": shares(opening),
        "touches": touches(every),
        "clone": f"```\n{launch.clone()}python course.py lab {first.id}\n```",
        "units": cards(every),
        "weeks": weeks(every),
    }
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return text


def actions(first: Notebook) -> str:
    """Return the links with which the page begins."""
    return (
        f'<p class="actions"><a class="action first" href="../notebooks/{first.name}.html">'
        f"Read the first: {first.title}, {first.hours:g} hours</a>\n"
        '<a class="action" href="#install-and-begin">Install it</a>\n'
        '<a class="action" href="#ten-weeks">See the ten weeks</a>\n'
        '<a class="action" href="teaching.html">Teach with it</a></p>'
    )


def figure(notebook: Notebook) -> str:
    """Return the first figure to touch of a notebook, with an anchor of its own."""
    found = [o for cell in notebook.content.cells for o in cell.get("outputs", [])]
    output = next(o for o in found if touch.numbers_in(o.get("data", {})))
    element = lesson.touched(copy.deepcopy(output)).data["text/html"]
    return element.replace('id="touch-', 'id="first-touch-')


def shares(notebook: Notebook) -> str:
    """Return the rows of the first figure's numbers, of the sample and of the full run."""
    (table,) = outputs.tables(notebook.content)
    sample = {entry["metric"]: entry for entry in table.metadata["course"]["metrics"]}
    full = results.full_metrics(notebook.name)
    rows = {"synthetic recordings": sample, "real ones, in the full run": full}
    lines = [
        f"| {name} | " + " | ".join(f"{metrics[m]['value']:.1%}" for m in SHARES) + " |"
        for name, metrics in rows.items()
    ]
    return "\n".join(lines).replace("%", "\N{NO-BREAK SPACE}%")


def touches(every: list[Notebook]) -> str:
    """Return a list of all figures to touch, with links to them."""
    lines = []
    for notebook in every:
        for kind in lesson.touch_kinds(notebook):
            target = f"../notebooks/{notebook.name}.html#touch-{kind}"
            words = touch.TRY[kind]
            lines.append(f'- <a href="{target}">{words[0].upper()}{words[1:]}</a> ({notebook.id})')
    return "\n".join(lines)


def cards(every: list[Notebook]) -> str:
    """Return a card a unit: its picture, what its reader can do afterwards, hours and points."""
    parts = [":::::{grid} 1 2 2 2\n:gutter: 3\n"]
    for unit in dict.fromkeys(n.path.parent.name for n in every):
        own = [n for n in every if n.path.parent.name == unit]
        sheet = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8").split("\n\n")
        after = next((p for p in sheet if p.startswith("After this unit")), sheet[1])
        shown = pictures.of_unit(unit, own)
        picture = os.path.relpath(pictures.place(shown), NOTEBOOKS.parent / "docs")
        alt = escaped(pictures.cell_of(shown).metadata["mystnb"]["image"]["alt"])
        hours, points = sum(n.hours for n in own), sum(n.points for n in own)
        count = f"{len(own)} notebook{'s' if len(own) > 1 else ''}"
        parts.append(
            f"::::{{grid-item-card}} {lessons.heading(unit)}\n"
            f":link: ../notebooks/{unit}/README\n:link-type: doc\n:class-card: unit\n\n"
            f"![{alt}]({picture})\n\n{after}\n\n"
            f":::{{card-footer}}\n{count}, {hours:g} hours, {points} points\n:::\n::::\n"
        )
    return "\n".join([*parts, ":::::"])


def escaped(text: str) -> str:
    """Return a plain sentence that Markdown leaves as it is."""
    return re.sub(r"([\\`*_{}\[\]<>$|])", r"\\\1", text)


def weeks(every: list[Notebook]) -> str:
    """Return the rows of the ten weeks."""
    ordered, lines = order.in_order(every), []
    for number, week in enumerate(lessons.weeks(), 1):
        own = [n for n in ordered if n.lesson["week"] == number]
        links = "<br>".join(f"[{n.id} {n.title}](../notebooks/{n.name}.ipynb)" for n in own)
        title = week["title"] + ("" if week["title"][-1] in "?!" else ".")
        hours = sum(n.hours for n in own)
        lines.append(f"| {number} | **{title}** {week['text']} | {links} | {hours:g} |")
    return "\n".join(lines)
