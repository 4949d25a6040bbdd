"""What the site adds to pages of Markdown: contents, and what the notebooks tell the first page."""

import os
import re
from pathlib import Path

from tools.notebook import assignment, launch
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, all_notebooks, in_order
from tools.publish import course_map, pictures
from tools.publish.book import lesson
from tools.publish.overview import by_unit, sizes, unit_by_unit
from utils import lessons, results, touch

SHARES = ("test_accuracy", "test_accuracy_by_recording", "threshold_accuracy_by_recording")
OPENS = "03/01"  # the notebook whose figure to touch opens the page
STRIP = ("02/01", "08/07", "01/05", "07/09")  # lessons whose pictures open the page
SIZE = (
    "It has {number} notebooks with Keras and TensorFlow, {hours:g} hours of work. What they show "
    "is measured on real data where the course may pass them on, and else on synthetic ones; what "
    "[full runs](results.md) found, most of them on real data, stands beside it. Code and text may "
    "be changed and shared ([Apache-2.0](../LICENSE), [CC BY 4.0](../LICENSE-docs))."
)
# What the site holds of the unit that the page for teachers shows: the files' places and names.
FIRST = "[Read the first notebook](../notebooks/{name}.ipynb){{.action .first}}"
RELEASE = '<p><a href="../downloads/{unit}.zip" download>The release of {unit}</a> (a zip)</p>'
DECK = '<p><a href="../downloads/slides.html">The slides of {id}, {title}</a></p>'
EXAMPLE = re.compile(
    r"^\[!\[(?P<title>[^]]+)\]\(showcase/[^)]+\)\]\((?P<page>showcase/[^)]+)\)$", re.M
)
FRAME = """\
<iframe class="example" src="../_static/{page}" title="{title}"></iframe>
<p><a href="../_static/{page}">{title} on a page of its own</a></p>"""
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


def completed(file: str, text: str) -> str:
    """Return a page of Markdown with what the site adds; ``file`` is its path in the repository."""
    if file == "docs/index.md":
        return first_page(text)
    if file == "docs/showcase.md":
        return showcase(text)
    if file == "docs/results.md":
        return text + contents([f"results/{unit}" for unit in by_unit()] + ["results/benchmarks"])
    if file == "docs/map.md":
        chart = f"![{course_map.ALT}]({course_map.PICTURE.name})"
        return text.replace(chart, f'<div class="map">{course_map.picture(unit_by_unit())}</div>')
    if re.fullmatch(r"notebooks/\w+/README\.md", file):
        own = by_unit().get(Path(file).parent.name, [])
        return text + contents([f"{n.id} {n.title} <{n.path.stem}>" for n in own])
    if file.startswith("docs/results/"):
        below = [n for n in by_unit().get(Path(file).stem, []) if n.has_line]
        names = [f"{n.id} reproduction <../../reproduction/{n.name}>" for n in below]
        return text + contents(names) if names else text
    return text


def contents(names: list[str]) -> str:
    """Return a hidden table of contents in MyST."""
    return "\n\n```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


# ------------------------------------------------------------------ the first page


def first_page(text: str) -> str:
    """Return docs/index.md with each part in the place of its line, such as ``<!-- weeks -->``."""
    every = all_notebooks()
    opening = opens()
    ordered = in_order(every)  # as `course.py progress` names them, too
    parts = {
        "first": FIRST.format(name=ordered[0].name),
        "strip": strip(every),
        "touches": touches(every),
        "clone": f"```\n{launch.clone()}python course.py lab {ordered[0].id}\n```",
        "units": cards(),
        "weeks": weeks(ordered),
        "size": SIZE.format(number=len(every), hours=sum(n.hours for n in every)),
    }
    if opening.id == OPENS:
        shown = touch.element(*lesson.figures_to_touch(opening)[0])
        parts |= {"figure": shown.replace('id="', 'id="first-'), "shares": shares(opening)}
        parts |= {"opening": "", "/opening": ""}
    else:  # what stands around the figure is of a notebook that is left out
        text = re.sub(r"<!-- opening -->.*?<!-- /opening -->", "", text, flags=re.S)
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return text


def opens() -> Notebook:
    """Return the notebook that opens the site; where it is left out, the first of the term."""
    every = in_order(all_notebooks())
    return next((n for n in every if n.id == OPENS), every[0])


def strip(every: list[Notebook]) -> str:
    """Return a row of pictures, each with a link to its lesson."""
    by_id = {n.id: n for n in every}
    links = [
        f"[![{pictures.figure_of(n)[1]}]({os.path.relpath(pictures.place(n), ROOT / 'docs')})]"
        f"(../notebooks/{n.name}.ipynb)"
        for n in map(by_id.get, STRIP)
        if n is not None
    ]
    return "::::{div} strip\n" + "\n".join(links) + "\n::::"


def shares(notebook: Notebook) -> str:
    """Return the row of the first figure's numbers, of the full run."""
    full = results.full_metrics(notebook.name)
    cells = " | ".join(f"{full[m]['value']:.1%}" for m in SHARES)
    return f"| in the full run | {cells} |".replace("%", "\N{NO-BREAK SPACE}%")


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


# ------------------------------------------------------------------ the page for teachers


def showcase(text: str) -> str:
    """Return docs/showcase.md with its examples in the page itself."""
    opening = opens()
    parts = {
        "release": RELEASE.format(unit=assignment.holding(opening).name),
        "deck": DECK.format(id=opening.id, title=opening.title),
    }
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return EXAMPLE.sub(lambda match: FRAME.format(**match.groupdict()), text)


def weeks(ordered: list[Notebook]) -> str:
    """Return the rows of the ten weeks."""
    lines = []
    for number, (week, own) in enumerate(course_map.by_week(ordered), 1):
        links = "<br>".join(f"[{n.id} {n.title}](../notebooks/{n.name}.ipynb)" for n in own)
        title = week["title"] + ("" if week["title"][-1] in "?!" else ".")
        hours = sum(n.hours for n in own)
        lines.append(f"| {number} | **{title}** {week['text']} | {links} | {hours:g} |")
    return "\n".join(lines)
