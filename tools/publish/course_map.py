"""The map: what builds on what, as a picture of the ten weeks and as a table.

A row of the picture is a week and a column a unit, so that it is no wider than a telephone. The
site puts it into the page itself, where its boxes are links.
"""

import html
from pathlib import Path

from tools.notebook.common import ROOT, Notebook, all_notebooks, in_order
from tools.publish.overview import table, unit_by_unit
from utils import lessons

PAGE = ROOT / "docs" / "map.md"
PICTURE = PAGE.with_suffix(".svg")
ALT = (
    "A chart of ten weeks and ten units with a box for each notebook; an arrow leads from a "
    "notebook to another one that builds on it. The table below lists the same."
)
TEXT = f"""\
# What builds on what

Each row is a week of the course and each column a unit. A box is a notebook of this unit, with its
number. An arrow leads from a notebook to another one that builds on it. Where several boxes of a
unit stand in one week, work from the top. [The glossary](glossary.md) explains the terms.

![{ALT}]({PICTURE.name})

## All notebooks

"""
STEP, LINE, BOX, LEFT, TOP = 34, 22, (25, 17), 40, 40  # pixels
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
role="img" aria-label="{alt}" font-family="sans-serif" font-size="12" text-anchor="middle">
<rect width="{width}" height="{height}" fill="#fff"/>
<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" \
orient="auto"><path d="M0 0 6 3 0 6z" fill="#444"/></marker></defs>
{shapes}
</svg>
"""
BOX_SHAPE = (
    '<a href="../notebooks/{name}.html"><title>{title}</title><rect x="{x}" y="{y}" '
    'width="{w}" height="{h}" rx="3" fill="#e8f1f9" stroke="#0b4f8a"/>'
    '<text x="{middle:g}" y="{base}" fill="#0b4f8a">{number}</text></a>'
)
ARROW = '<path d="M{}" fill="none" stroke="#444" marker-end="url(#tip)"/>'


def pages() -> dict[Path, str]:
    """Return the page and its picture, by their files."""
    notebooks = unit_by_unit()
    return {PAGE: TEXT + rows(notebooks) + syllabuses(), PICTURE: picture(notebooks)}


def syllabuses() -> str:
    """Return the syllabuses of a whole term and of a shorter one."""
    ordered = in_order(all_notebooks())
    by_id = {n.id: n for n in ordered}
    whole = {week["title"]: own for week, own in by_week(ordered)}
    short = {
        week["title"]: [by_id[i] for i in week["lessons"] if i in by_id]  # some may be left out
        for week in lessons.short_weeks()
    }
    return f"\n## Two syllabuses\n\n{syllabus(whole)}\n{syllabus(short)}"


def by_week(ordered: list[Notebook]) -> list[tuple[dict[str, str], list[Notebook]]]:
    """Return the weeks of the whole term, each with its notebooks."""
    weeks = enumerate(lessons.weeks(), 1)
    return [(week, [n for n in ordered if n.week == k]) for k, week in weeks]


def syllabus(term: dict[str, list[Notebook]]) -> str:
    """Return weeks, by their titles, as plain text for a page of a university."""
    lines, hours = [], 0.0
    for number, (title, own) in enumerate(term.items(), 1):
        if not own:
            continue
        lines.append(f"Week {number}: {title} ({sum(n.hours for n in own):g} hours)")
        lines += [f"  {n.id}  {n.title} ({n.points} points)" for n in own]
        hours += sum(n.hours for n in own)
    text = "\n".join(lines)
    weeks = sum(bool(own) for own in term.values())
    return f"### {weeks} weeks, {hours:g} hours\n\n```\n{text}\n```\n"


def rows(notebooks: list[Notebook]) -> str:
    """Return the table: what each notebook builds on, and what it leads to."""
    links = {n.id: f"[{n.id}](../notebooks/{n.name}.ipynb)" for n in notebooks}
    lines = []
    for notebook in notebooks:
        after = [other.id for other in notebooks if notebook.id in other.prerequisites]
        name = f"[{notebook.id} {notebook.title}](../notebooks/{notebook.name}.ipynb)"
        pairs = (notebook.prerequisites, after)
        linked = [", ".join(links.get(i, i) for i in ids) for ids in pairs]
        lines.append([name, str(notebook.week), f"{notebook.hours:g}", *linked])
    return table(["notebook", "week", "hours", "builds on", "leads to"], lines)


def picture(notebooks: list[Notebook]) -> str:
    """Return the chart as SVG."""
    places, tops = arranged(notebooks)
    width = LEFT + STEP * len({n.id[:2] for n in notebooks})
    shapes = [f'<text x="{(LEFT + width) / 2:g}" y="14">unit</text><text x="18" y="30">week</text>']
    for unit in sorted({n.id[:2] for n in notebooks}):
        shapes.append(f'<text x="{LEFT + STEP * (int(unit) - 0.5):g}" y="30">{unit}</text>')
    for week, top in enumerate(tops[:-1], 1):
        shapes.append(f'<text x="18" y="{top + 13}">{week}</text>')
        shapes.append(f'<path d="M0 {top - 3}H{width}" stroke="#ddd"/>')
    shapes += [box(notebook, *places[notebook.id]) for notebook in notebooks]
    pairs = ((i, n.id) for n in notebooks for i in n.prerequisites if i in places)
    shapes += [ARROW.format(arrow(places[first], places[second])) for first, second in pairs]
    texts = {"alt": html.escape(ALT), "shapes": "\n".join(shapes)}
    return SVG.format(width=width, height=tops[-1], **texts)


def arranged(notebooks: list[Notebook]) -> tuple[dict[str, tuple[int, int]], list[int]]:
    """Return the upper left corner of each notebook's box, and of each week its upper edge."""
    places, tops = {}, [TOP]
    for week in range(1, len(lessons.weeks()) + 1):
        filled: dict[str, int] = {}
        for notebook in (n for n in notebooks if n.week == week):
            unit = notebook.id[:2]
            above = filled.get(unit, 0)
            places[notebook.id] = (LEFT + STEP * (int(unit) - 1) + 4, tops[-1] + LINE * above)
            filled[unit] = above + 1
        tops.append(tops[-1] + LINE * max(filled.values(), default=1) + 4)
    return places, tops


def box(notebook: Notebook, x: int, y: int) -> str:
    """Return a notebook's box, which leads to its page on the site."""
    w, h = BOX
    title = html.escape(f"{notebook.id} {notebook.title}")
    place = {"x": x, "y": y, "w": w, "h": h, "middle": x + w / 2, "base": y + 13}
    return BOX_SHAPE.format(name=notebook.name, title=title, number=notebook.id[3:], **place)


def arrow(first: tuple[int, int], second: tuple[int, int]) -> str:
    """Return the path of an arrow: straight to the next box, and round those that lie between."""
    (w, h), (x, y), (x2, y2) = BOX, first, second
    if x == x2 and y2 - y > LINE + 8:
        right, out = x + w, x + w + 9
        return f"{right} {y + h - 4}C{out} {y + h} {out} {y2} {right} {y2 + 4}"
    return f"{x + w / 2:g} {y + h}L{x2 + w / 2:g} {y2}"
