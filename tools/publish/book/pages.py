"""What Sphinx reads in the place of a file: notebooks as the book shows them, and what is added."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat

from tools.notebook.common import Notebook, all_notebooks
from tools.publish.book import front, lesson
from tools.publish.glossary import anchor
from tools.publish.overview import by_unit

TO_HEADING = re.compile(r"(\.ipynb)#([^)\s\"\\]+)")
DRAWING = re.compile(r"^(# .*?\n).*^(?=## All notebooks)", re.S | re.M)


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", read)
    return {"version": "3", "parallel_read_safe": True, "parallel_write_safe": True}


def read(app: Any, name: str, source: list[str]) -> None:
    """Change the text of a page before it is parsed; ``name`` is its path without its suffix."""
    text = source[0]
    if notebook := notebooks().get(name):
        text = nbformat.writes(lesson.page(notebook))
    elif name == "docs/index":
        text = front.page(text, all_notebooks())
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
