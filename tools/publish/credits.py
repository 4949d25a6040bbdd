"""Who took the photographs that the notebooks show: ``course.py report`` writes docs/credits.md."""

from __future__ import annotations

from pathlib import Path

from data.core import cards
from data.shipped_photographs import SHIPPED
from tools.notebook.common import ROOT, all_notebooks

PAGE = ROOT / "docs" / "credits.md"
PHOTOGRAPHS = "shipped_photographs"
PRINTS = {"multiface", "talking_faces"}  # samples that are made of prints of two portraits
INTRODUCTION = """\
# Credits

The photographs in the committed notebooks come with scikit-image, scikit-learn and Matplotlib;
their documentation says that they may be passed on. They stand there as they are, cut and
scaled, made grey, or with what a network makes of them. Photographs of other real data sets are
no part of this course: figures that show them are drawn on the reader's own machine.
"""


def pages() -> dict[Path, str]:
    """Return the page."""
    lines = ["| photograph | it shows | by | terms | comes with |", "|---|---|---|---|---|"]
    lines += [
        f"| {name.replace('_', ' ')} | {one.shows} | {one.credit} | {one.terms} | {one.package} |"
        for name, one in SHIPPED.items()
    ]
    used = [
        n for n in all_notebooks() if ({PHOTOGRAPHS} | PRINTS) & set(n.meta.get("datasets", []))
    ]
    shown = ", ".join(f"[{n.id} {n.title}](../notebooks/{n.name}.ipynb)" for n in used)
    others = [e for e in cards.entries().values() if e.may_be_shown and e.name != PHOTOGRAPHS]
    rest = [f"- {e.title} ({e.licence}): {e.may_be_shown}." for e in others]
    told = "\n## Other pictures that may be shown\n\n" + "\n".join(rest) + "\n" if rest else ""
    table = "\n".join(lines)
    return {PAGE: f"{INTRODUCTION}\n{table}\n\nThey are used in {shown}.\n{told}"}
