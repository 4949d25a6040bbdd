"""The first page, and the map of what builds on what."""

from __future__ import annotations

import copy
import html
import re
from typing import Any

from tools.notebook import launch, order, outputs
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, Problem, all_notebooks
from tools.publish import pictures
from tools.publish.book import lesson
from utils import lessons, results, touch

OPENING = """\
---
html_theme.sidebar_secondary.remove: true
---

# Deep vision and graph learning

<p class="lead">Find a face and name it, cut a pet out of its picture, spot a forged face, guess a
paper's topic from whom it cites. {count} notebooks, one per task: each builds one method from its
idea to a measured result, on a laptop; you write the part that matters, and tests tell whether it
is right.</p>

<p class="actions">
<a class="action first" href="{first}">Read the first: {title}, {hours:g} hours</a>
<a class="action" href="#begin">Install it</a>
<a class="action" href="#ten-weeks">See the ten weeks</a>
<a class="action" href="docs/teaching.html">Teach with it</a></p>
"""
OPENS = "vnd.course.thresholds"  # the figure to touch that opens the page
CLAIM = """\
## Can you do by hand what a network learned?

Somebody wears a small board and stands, walks or runs. One number tells of each second how strong
the motion is. Place two thresholds on it; a network of 12,075 parameters had the whole second."""
FOUND = """\
These seconds are synthetic, as most small samples of the course are, and of recordings that the
network learned from, too. The share of seconds that are right (the figure's accuracy is the mean
over the three activities):

::::{{div}} shares
| | the network, on recordings it learned from | on new ones | two thresholds, on new ones |
|---|---|---|---|
| synthetic recordings | {quick[0]:.1%} | {quick[1]:.1%} | {quick[2]:.1%} |
| real ones, in the full run | {full[0]:.1%} | {full[1]:.1%} | {full[2]:.1%} |
::::

What such a network is worth, and why, is the question of {link}."""
SHARES = ("test_accuracy", "test_accuracy_by_recording", "threshold_accuracy_by_recording")
FOR_WHOM = """\
**For you** if you write Python with NumPy, know what a gradient is, and trained a small network
once. Each notebook builds one method from its idea to a measured result, lets you write the part
that matters, checks it, and then asks what the number is worth: with controls, several trainings
and real data. **For your class**, too: tasks, rubrics, model answers and a grader are here.
"""
UNITS = """\
Units are topics. The order in which notebooks build on each other is that of the [ten
weeks](#ten-weeks).
"""
BEGIN = """
(begin)=

## Install and begin

Get the folder of the course (clone its repository, or unpack the archive that you were given), open
a terminal in it, and type

```
{clone}python course.py lab {number}      # open your copy of the notebook to begin with
python course.py check {number}    # which of its tasks pass their visible tests
```

You need Python 3.11, 3.12 or 3.13, git, and 6 GB of disk; no GPU. The first call takes a few
minutes: it downloads about 1 GB and makes an environment of its own in the folder. Every page here
is a notebook as it ran; its student version can be downloaded at the top. If you teach, [the
guide](docs/teaching.md) leads from a clone to a graded class.
"""


def page(chosen: list[Notebook], units: list[str]) -> str:
    """Return the first page."""
    start = order.in_order(chosen)[0]  # what `course.py progress` names first, too
    told = {"first": f"notebooks/{start.name}.html", "title": start.title, "hours": start.hours}
    parts = [OPENING.format(count=len(chosen), **told)]
    opening, to_try = opening_figure(chosen)
    parts += [to_try, FOR_WHOM] if opening else []
    if to_try := touches(chosen):
        parts += ["## Figures to touch\n", to_try]
    parts.append(BEGIN.format(clone=launch.clone(), number=start.id))
    parts += [f"## What each unit gives\n\n{UNITS}", *cards(chosen, units)]
    parts.append(weeks({n.id: n for n in chosen}))
    return "\n".join(parts) + trees(units)


def opening_figure(chosen: list[Notebook]) -> tuple[Notebook | None, str]:
    """Return the notebook whose figure to touch opens the page, and that, with what it found."""
    for notebook in chosen:
        for cell in notebook.content.cells:
            for output in cell.get("outputs", []):
                if OPENS in " ".join(output.get("data", {})):
                    element = lesson.touched(copy.deepcopy(output)).data["text/html"]
                    link = f"[{notebook.id} {notebook.title}](notebooks/{notebook.name}.ipynb)"
                    element = element.replace('id="touch-', 'id="first-touch-')
                    found = FOUND.format(link=link, **shares(notebook))
                    found = found.replace("%", "\N{NO-BREAK SPACE}%")
                    return notebook, "\n\n".join([CLAIM, element, found]) + "\n"
    return None, ""


def shares(notebook: Notebook) -> dict[str, list[float]]:
    """Return the first figure's numbers of the committed quick run and of the full run."""
    (table,) = outputs.tables(notebook.content)
    quick = {entry["metric"]: entry for entry in table.metadata["course"]["metrics"]}
    runs = {"quick": quick, "full": results.full_metrics(notebook.name)}
    return {run: [metrics[name]["value"] for name in SHARES] for run, metrics in runs.items()}


def trees(units: list[str]) -> str:
    """Return the contents of the whole book, which every page has at its side."""
    shown = "\n".join(f"{lessons.heading(unit)} <notebooks/{unit}/README>" for unit in units)
    about = [
        "Reported and measured <docs/results>",
        "What full is <docs/full>",
        "What builds on what <docs/map>",
        "Glossary <docs/glossary>",
        "Data cards <data/README>",
        "Who took the photographs <docs/credits>",
        "What notebooks import <utils/README>",
    ]
    people = ["For instructors <docs/teaching>", "Contributing <CONTRIBUTING>"]
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{names}\n```\n"
        for caption, names in (
            ("Units", shown),
            ("The course", "\n".join(about)),
            ("People", "\n".join(people)),
        )
    )


def touches(chosen: list[Notebook]) -> str:
    """Return what there is to try in the pages, with links to it; empty if there is nothing."""
    lines = []
    for notebook in chosen:
        for kind in lesson.touch_kinds(notebook):
            words = touch.TRY[kind]
            target = f"notebooks/{notebook.name}.html#touch-{kind}"
            link = f'<a href="{target}">{words[:1].upper()}{words[1:]}</a>'
            lines.append(f"- {link} ({notebook.id})")
    text = (
        "Some figures answer when you move something, in the page and without installing. In "
        "JupyterLab they do the same once their cell has run:\n\n"
    )
    return text + "\n".join(lines) + "\n" if lines else ""


def cards(chosen: list[Notebook], units: list[str]) -> list[str]:
    """Return a card a unit: its picture, what its reader can do afterwards, hours and points."""
    parts = [":::::{grid} 1 2 2 2\n:gutter: 3\n"]
    for unit in units:
        own = [n for n in chosen if n.path.parent.name == unit]
        hours = sum(n.hours for n in own)
        text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8").split("\n\n")
        after = next((p for p in text if p.startswith("After this unit")), text[1])
        shown = pictures.of_unit(unit, own)
        picture = pictures.place(shown).relative_to(ROOT).as_posix()
        cell = pictures.cell_of(shown)
        alt = cell.metadata["mystnb"]["image"]["alt"] if cell else f"A figure of {shown.title}"
        count = f"{len(own)} notebook{'s' if len(own) > 1 else ''}"
        parts.append(
            card(
                lessons.heading(unit),
                f"notebooks/{unit}/README",
                "unit",
                f"![{escaped(alt)}]({picture})\n\n{after}",
                f"{count}, {hours:g} hours, {sum(n.points for n in own)} points",
            )
        )
    return [*parts, ":::::\n"]


def escaped(text: str) -> str:
    """Return a plain sentence that Markdown leaves as it is."""
    return re.sub(r"([\\`*_{}\[\]<>$|])", r"\\\1", text)


def card(title: str, link: str, kind: str, body: str, foot: str) -> str:
    """Return a card of a grid, which leads to a page."""
    return (
        f"::::{{grid-item-card}} {title}\n:link: {link}\n:link-type: doc\n:class-card: {kind}\n\n"
        f"{body}\n\n:::{{card-footer}}\n{foot}\n:::\n::::\n"
    )


def weeks(notebooks: dict[str, Notebook]) -> str:
    """Return the suggested order.

    Raises Problem if a notebook has no week, or one before that of what it builds on.
    """
    ordered = in_weeks(all_notebooks())
    lines = [
        "(ten-weeks)=",
        "## Ten weeks",
        "",
        "::::{div} weeks",
        "| week | what it is about | notebooks | hours |",
    ]
    lines.append("|---|---|---|---|")
    for number, week in enumerate(lessons.weeks(), 1):
        own = [notebooks[n.id] for n in ordered if n.id in notebooks and n.lesson["week"] == number]
        links = "<br>".join(f"[{n.id} {n.title}](notebooks/{n.name}.ipynb)" for n in own)
        hours = sum(n.hours for n in own)
        title = week["title"] + ("" if week["title"][-1] in "?!" else ".")
        lines.append(f"| {number} | **{title}** {week['text']} | {links} | {hours:g} |")
    return "\n".join([*lines, "::::"]) + "\n"


def in_weeks(every: list[Notebook]) -> list[Notebook]:
    """Return notebooks in the order of their weeks, each after what it builds on or follows.

    Raises Problem if one has no week, or a week before that of what comes before it.
    """
    last = len(lessons.weeks())
    for notebook in every:
        if notebook.lesson.get("week") not in range(1, last + 1):
            raise Problem(
                f"lessons/{notebook.name}/lesson.toml: week = {notebook.lesson.get('week')}; "
                f"lessons/course.toml has the weeks 1 to {last}"
            )
    by_id = {n.id: n for n in every}
    for notebook in every:
        for i in order.follows(notebook):
            if i not in by_id:
                raise Problem(f"lessons/{notebook.name}/lesson.toml: after names {i}, no notebook")
            if by_id[i].lesson["week"] > notebook.lesson["week"]:
                raise Problem(
                    f"lessons/{notebook.name}/lesson.toml: week {notebook.lesson['week']} is "
                    f"before that of {i}, on which it builds or which it comes after"
                )
    return order.in_order(every)


# ------------------------------------------------------------------ the map

WIDTH, HEIGHT, GAP_X, GAP_Y = 260, 52, 60, 14


def map_page(notebooks: dict[str, Notebook], roadmap: Any) -> str:
    """Return what builds on what, a drawing a unit and the table."""
    edges = {
        (before, n.id) for n in notebooks.values() for before in n.prerequisites
        if before in notebooks
    }  # fmt: skip
    parts = [roadmap.INTRODUCTION.replace("Dashed notebooks", "Notebooks with a dashed rim")]
    for unit in sorted({i[:2] for i in notebooks}):
        own = {i for i in notebooks if i[:2] == unit}
        near = {e for e in edges if set(e) & own}
        name = next(iter(sorted(own)))
        title = lessons.heading(notebooks[name].path.parent.name)
        parts += [f"## {title}\n", drawing(own, near, notebooks), ""]
    every = {n.id: n for n in all_notebooks()}
    across = {(a, n.id) for n in every.values() for a in n.prerequisites}
    parts += ["## All notebooks\n", roadmap.table(every, across)]
    return "\n".join(parts) + "\n"


def drawing(own: set[str], edges: set[tuple[str, str]], notebooks: dict[str, Notebook]) -> str:
    """Return the map of a unit as SVG: a column a step, an arrow from what is built on."""
    shown = sorted(own | {i for edge in edges for i in edge})
    drawn = {
        (a, b) for a, b in edges if not any((a, c) in edges and (c, b) in edges for c in shown)
    }
    depth = dict.fromkeys(shown, 0)
    for _ in shown:
        for a, b in edges:
            depth[b] = max(depth[b], depth[a] + 1)
    rows: dict[int, int] = {}
    place = {}
    for i in shown:
        column = depth[i]
        place[i] = (column, rows.get(column, 0))
        rows[column] = rows.get(column, 0) + 1
    width = (max(depth.values()) + 1) * (WIDTH + GAP_X) - GAP_X + 4
    height = max(rows.values()) * (HEIGHT + GAP_Y) - GAP_Y + 4
    corner: dict[str, tuple[float, float]]
    corner = {i: (2 + c * (WIDTH + GAP_X), 2 + r * (HEIGHT + GAP_Y)) for i, (c, r) in place.items()}
    arrows = []
    for a, b in sorted(drawn):
        (x, y), (to_x, to_y) = corner[a], corner[b]
        x, y, to_y = x + WIDTH, y + HEIGHT / 2, to_y + HEIGHT / 2
        bend = GAP_X / 2
        arrows.append(
            f'<path d="M{x},{y} C{x + bend},{y} {to_x - bend},{to_y} {to_x - 7},{to_y}" '
            'marker-end="url(#tip)"/>'
        )
    boxes = [box(i, *corner[i], i in own, notebooks[i]) for i in shown]
    words = "; ".join(f"{a} before {b}" for a, b in sorted(drawn)) or "nothing builds on another"
    return (
        f'<div class="map" role="group" tabindex="0" aria-label="Map: {words}">'
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="1" refY="4" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" class="tip"/></marker></defs>'
        f'<g class="arrows">{"".join(arrows)}</g>{"".join(boxes)}</svg></div>'
    )


def box(number: str, x: float, y: float, own: bool, notebook: Notebook) -> str:
    """Return a notebook's box, which leads to its page."""
    title = html.escape(notebook.title)
    return (
        f'<a href="../notebooks/{notebook.name}.html"><rect x="{x}" y="{y}" width="{WIDTH}" '
        f'height="{HEIGHT}" rx="6" class="{"own" if own else "other"}"/>'
        f'<foreignObject x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}">'
        f'<div class="box"><b>{number}</b> {title}</div></foreignObject></a>'
    )
