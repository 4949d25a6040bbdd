"""The map of the course: which notebooks build on which, drawn and as a table.

All of it comes from the notebooks' metadata; ``course.py report`` writes ``docs/map.md``.
"""

from __future__ import annotations

from pathlib import Path

from tools.notebook.common import ROOT, Notebook, all_notebooks, units
from utils import lessons

PAGE = ROOT / "docs" / "map.md"
INTRODUCTION = """\
# What builds on what

An arrow leads from a notebook to one that takes it for granted: begin with any that no arrow
enters. Dashed notebooks are of another unit, and an arrow that follows from two others is left
out; the table below the maps has all. [The glossary](glossary.md) says what the terms mean.
"""
STYLE = "classDef other fill:none,stroke-dasharray:4"
Edges = set[tuple[str, str]]


def pages() -> dict[Path, str]:
    """Return the page with its maps and its table."""
    notebooks = {n.id: n for n in all_notebooks()}
    edges = {(before, n.id) for n in notebooks.values() for before in n.prerequisites}
    parts = [INTRODUCTION, "## The units\n", overview(notebooks, edges)]
    for unit in units():
        if own := [i for i in notebooks if i[:2] == unit[:2]]:
            parts += [f"\n## {heading(unit)}\n", unit_map(own, notebooks, edges)]
    parts += ["\n## All notebooks\n", table(notebooks, edges)]
    return {PAGE: "\n".join(parts) + "\n"}


def heading(unit: str) -> str:
    """Return a unit's number and name as a person reads them."""
    return f"{unit[:2]} {lessons.title(unit)}"


def overview(notebooks: dict[str, Notebook], edges: Edges) -> str:
    """Return the map of the units: a box each, an arrow where a notebook needs another unit's."""
    lines = []
    for unit in units():
        if own := [n for i, n in notebooks.items() if i[:2] == unit[:2]]:
            hours = sum(n.hours for n in own)
            count = f"{len(own)} notebook{'s' if len(own) > 1 else ''}, {hours:g} h"
            lines.append(f'  u{unit[:2]}["{heading(unit)}<br>{count}"]')
    across = sorted({(a[:2], b[:2]) for a, b in edges if a[:2] != b[:2]})
    return mermaid(lines + [f"  u{a} --> u{b}" for a, b in across])


def unit_map(own: list[str], notebooks: dict[str, Notebook], edges: Edges) -> str:
    """Return the map of a unit, with the neighbours in other units dashed.

    An arrow that follows from two others is left out.
    """
    near = {edge for edge in edges if set(edge) & set(own)}
    drawn = {(a, b) for a, b in near if not any((a, c) in edges and (c, b) in edges for c in own)}
    lines = []
    for i in sorted({*own, *(i for edge in near for i in edge)}):
        label = notebooks[i].title.replace('"', "#quot;")
        lines.append(f'  n{i.replace("/", "")}["{i}<br>{label}"]{"" if i in own else ":::other"}')
    lines += [f"  n{a.replace('/', '')} --> n{b.replace('/', '')}" for a, b in sorted(drawn)]
    return mermaid([*lines, f"  {STYLE}"])


def mermaid(lines: list[str]) -> str:
    """Return a flow chart from left to right, in the block that GitHub draws."""
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])


def table(notebooks: dict[str, Notebook], edges: Edges) -> str:
    """Return a line a notebook: its hours, what it builds on, and what it leads to."""
    links = {i: f"[{i}](../notebooks/{n.name}.ipynb)" for i, n in notebooks.items()}
    lines = ["| notebook | hours | builds on | leads to |", "|---|---|---|---|"]
    for i, notebook in notebooks.items():
        before = ", ".join(links[a] for a in notebook.prerequisites)
        after = ", ".join(links[b] for a, b in sorted(edges) if a == i)
        name = f"[{i} {notebook.title}](../notebooks/{notebook.name}.ipynb)"
        lines.append(f"| {name} | {notebook.hours:g} | {before} | {after} |")
    return "\n".join(lines)
