"""What Sphinx reads in the place of a file: notebooks as the book shows them, and what is added."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat

from tools.notebook import launch, outputs
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, all_notebooks, in_order
from tools.publish import pictures
from tools.publish.book import lesson
from tools.publish.glossary import anchor
from tools.publish.overview import by_unit, sizes
from utils import lessons, results, touch

TO_HEADING = re.compile(r"(\.ipynb)#([^)\s\"\\]+)")
DRAWING = re.compile(r"^(# .*?\n).*^(?=## All notebooks)", re.S | re.M)
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


def read(app: Any, name: str, source: list[str]) -> None:
    """Change the text of a page before it is parsed; ``name`` is its path without its suffix."""
    text = source[0]
    if notebook := notebooks().get(name):
        text = nbformat.writes(lesson.page(notebook))
    elif name == "docs/index":
        text = first_page(text)
    elif name == "docs/results":
        text += contents([f"results/{unit}" for unit in by_unit()] + ["results/benchmarks"])
    elif name == "docs/map":
        text = DRAWING.sub(r"\1\n", text)  # it is in a language that GitHub draws
    elif re.fullmatch(r"notebooks/\w+/README", name):
        own = by_unit()[Path(name).parent.name]
        text += contents([f"{n.id} {n.title} <{n.path.stem}>" for n in own])
    source[0] = TO_HEADING.sub(lambda m: f"{m[1]}#{anchor(unquote(m[2]))}", text)


@cache
def notebooks() -> dict[str, Notebook]:
    """Return the notebooks by the names of their pages."""
    return {f"notebooks/{n.name}": n for n in all_notebooks()}


def contents(names: list[str]) -> str:
    """Return a hidden table of contents in MyST."""
    return "\n\n```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


# ------------------------------------------------------------------ the first page


def first_page(text: str) -> str:
    """Return docs/index.md with each part in the place of its line, such as ``<!-- weeks -->``."""
    every = all_notebooks()
    opening = next(n for n in every if n.id == OPENS)
    ordered = in_order(every)  # as `course.py progress` names them, too
    parts = {
        "figure": touch.element(*lesson.figures_to_touch(opening)[0]).replace('id="', 'id="first-'),
        "shares": shares(opening),
        "touches": touches(every),
        "clone": f"```\n{launch.clone()}python course.py lab {ordered[0].id}\n```",
        "units": cards(),
        "weeks": weeks(ordered),
    }
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return text


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
        for kind, _ in lesson.figures_to_touch(notebook):
            target = f"../notebooks/{notebook.name}.html#touch-{kind}"
            text = touch.TRY[kind]
            lines.append(f'- <a href="{target}">{text[0].upper()}{text[1:]}</a> ({notebook.id})')
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
