"""The first page: docs/index.md with the parts that come from the notebooks."""

from __future__ import annotations

import copy
import os

from tools.notebook import launch, order, outputs
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook
from tools.publish import pictures
from tools.publish.book import lesson
from tools.publish.overview import by_unit, sizes
from utils import lessons, results, touch

SHARES = ("test_accuracy", "test_accuracy_by_recording", "threshold_accuracy_by_recording")
OPENS = "03/01"  # the notebook whose figure to touch opens the page
CARD = """\
::::{{grid-item-card}} {title}
:link: ../notebooks/{unit}/README
:link-type: doc
:img-top: {picture}
:img-alt: {alt}
:class-card: unit

{after}

:::{{card-footer}}
{count}, {hours} hours, {points} points
:::
::::
"""


def page(text: str, every: list[Notebook]) -> str:
    """Return the page; a line of ``text`` such as ``<!-- weeks -->`` is replaced by that part."""
    opening = next(n for n in every if n.id == OPENS)
    ordered = order.in_order(every)  # as `course.py progress` names them, too
    parts = {
        "figure": figure(opening),
        "shares": shares(opening),
        "touches": touches(every),
        "clone": f"```\n{launch.clone()}python course.py lab {ordered[0].id}\n```",
        "units": cards(),
        "weeks": weeks(ordered),
    }
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return text


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


def cards() -> str:
    """Return a card a unit: its picture, what its reader can do afterwards, hours and points."""
    parts = [":::::{grid} 1 2 2 2\n:gutter: 3\n"]
    for unit, notebooks in by_unit().items():
        sheet = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8").split("\n\n")
        shown = pictures.of_unit(unit, notebooks)
        number, hours, points = sizes(notebooks)
        card = CARD.format(
            title=lessons.heading(unit),
            unit=unit,
            picture=os.path.relpath(pictures.place(shown), ROOT / "docs"),
            alt=pictures.figure_of(shown)[1],
            after=next((p for p in sheet if p.startswith("After this unit")), sheet[1]),
            count=f"{number} notebook{'s' if number != '1' else ''}",
            hours=hours,
            points=points,
        )
        parts.append(card)
    return "\n".join([*parts, ":::::"])


def weeks(ordered: list[Notebook]) -> str:
    """Return the rows of the ten weeks."""
    lines = []
    for number, week in enumerate(lessons.weeks(), 1):
        own = [n for n in ordered if n.lesson["week"] == number]
        links = "<br>".join(f"[{n.id} {n.title}](../notebooks/{n.name}.ipynb)" for n in own)
        title = week["title"] + ("" if week["title"][-1] in "?!" else ".")
        hours = sum(n.hours for n in own)
        lines.append(f"| {number} | **{title}** {week['text']} | {links} | {hours:g} |")
    return "\n".join(lines)
