"""The glossary: what the field's terms mean here, and where each is explained.

A lesson has the terms that it explains; ``course.py report`` writes ``docs/glossary.md`` from
them. A release has the same page with links to the notebooks of its students.
"""

import re
from pathlib import Path
from urllib.parse import quote

from tools.notebook.common import ROOT, Notebook
from utils import lessons

PAGE = ROOT / "docs" / "glossary.md"
INTRODUCTION = """\
# Glossary

What the field's terms mean, and the section of a notebook that explains each. Where a word has
several meanings in the course, its entry says so.
"""


def anchor(heading: str) -> str:
    """Return the anchor that GitHub, and the site, give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def page(notebooks: list[Notebook]) -> str:
    """Return the glossary, for a folder beside ``notebooks``, in alphabetical order.

    A section of a notebook that the reader does not have is named without a link.
    """
    names = {n.name for n in notebooks}
    letters: dict[str, list[str]] = {}
    for lesson, term in sorted(lessons.terms(), key=lambda term: term[1]["name"].casefold()):
        place = f"{Notebook(Path(lesson)).id}, {term['heading']}"
        if lesson in names:
            # JupyterLab's name for a heading; GitHub opens the notebook at its top.
            fragment = quote(term["heading"].replace(" ", "-"), safe=",:?!'")
            place = f"[{place}](../notebooks/{lesson}.ipynb#{fragment})"
        entry = f"### {term['name']}\n\n{' '.join(term['text'].split())} ({place})\n"
        letters.setdefault(term["name"][0].upper(), []).append(entry)
    index = " ".join(f"[{letter}](#{letter.lower()})" for letter in letters)
    parts = ["\n".join([f"## {letter}\n", *entries]) for letter, entries in letters.items()]
    return "\n".join([INTRODUCTION, f"{index}\n", *parts])
