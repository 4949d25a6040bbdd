"""The glossary: what the field's terms mean here, and where each is explained.

A lesson keeps the terms that it explains; ``course.py report`` writes ``docs/glossary.md`` from
them. A release holds the same page with links to the notebooks that its students have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tools.notebook.common import ROOT, Notebook, all_notebooks
from utils import lessons

PAGE = ROOT / "docs" / "glossary.md"
INTRODUCTION = """\
# Glossary

What the field's terms mean, and the section of a notebook that explains each. Where a word has
several meanings in the course, its entry says so.
"""


@dataclass(frozen=True)
class Term:
    """An entry: the term, a sentence or two in Markdown, and the section that explains it."""

    name: str
    text: str
    notebook: str
    heading: str

    @property
    def anchor(self) -> str:
        """The anchor that GitHub gives to the entry's heading."""
        return anchor(self.name)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub, and the site, give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def terms() -> list[Term]:
    """Return the entries in alphabetical order, capital letters beside small ones."""
    found = (Term(notebook=Notebook(Path(n)).id, **entry) for n, entry in lessons.terms())
    return sorted(found, key=lambda term: term.name.casefold())


def pages() -> dict[Path, str]:
    """Return the page of the course."""
    return {PAGE: page(all_notebooks())}


def page(notebooks: list[Notebook]) -> str:
    """Return the glossary, for a folder beside ``notebooks``.

    A section of a notebook that the reader does not have is named without a link.
    """
    names = {n.id: n.name for n in notebooks}
    return "\n".join([INTRODUCTION, *(entry(term, names) for term in terms())])


def entry(term: Term, names: dict[str, str]) -> str:
    """Return one entry as a heading and a paragraph."""
    place = f"{term.notebook}, {term.heading}"
    if term.notebook in names:
        # JupyterLab's name for a heading; GitHub opens the notebook at its top.
        fragment = quote(term.heading.replace(" ", "-"), safe=",:?!'")
        place = f"[{place}](../notebooks/{names[term.notebook]}.ipynb#{fragment})"
    text = " ".join(term.text.split())
    return f"## {term.name}\n\n{text} ({place})\n"
