"""The map of the course: which units build on which, drawn, and which notebooks, as a table.

All of it comes from the notebooks' metadata; ``course.py report`` writes ``docs/map.md``.
"""

from __future__ import annotations

from pathlib import Path

from tools.notebook.common import ROOT, Notebook, all_notebooks, units
from utils import lessons

PAGE = ROOT / "docs" / "map.md"
INTRODUCTION = """\
# What builds on what

An arrow leads from a unit to one whose notebooks take some of its notebooks for granted. The table
lists this for each notebook. [The glossary](glossary.md) explains the terms.
"""
Edges = set[tuple[str, str]]


def pages() -> dict[Path, str]:
    """Return the page with its maps and its table."""
    notebooks = {n.id: n for n in all_notebooks()}
    edges = {(before, n.id) for n in notebooks.values() for before in n.prerequisites}
    parts = [INTRODUCTION, "## The units\n", overview(notebooks, edges)]
    parts += ["\n## All notebooks\n", table(notebooks, edges)]
    return {PAGE: "\n".join(parts) + "\n"}


def overview(notebooks: dict[str, Notebook], edges: Edges) -> str:
    """Return the map of the units: a box each, an arrow where a notebook needs another unit's."""
    lines = []
    for unit in units():
        if own := [n for i, n in notebooks.items() if i[:2] == unit[:2]]:
            hours = sum(n.hours for n in own)
            count = f"{len(own)} notebook{'s' if len(own) > 1 else ''}, {hours:g} h"
            lines.append(f'  u{unit[:2]}["{unit[:2]} {lessons.title(unit)}<br>{count}"]')
    across = sorted({(a[:2], b[:2]) for a, b in edges if a[:2] != b[:2]})
    lines += [f"  u{a} --> u{b}" for a, b in across]
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```"])  # as GitHub draws it


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
