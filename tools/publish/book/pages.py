"""What Sphinx reads in the place of a file: notebooks as the book shows them, and what is added."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat

from tools.notebook.common import Notebook, all_notebooks, units
from tools.publish.book import front, lesson
from tools.publish.glossary import anchor

LONGEST = 200  # characters of a description
TO_HEADING = re.compile(r"(\.ipynb)#([^)\s\"\\]+)")
MAPS = re.compile(r"^(# .*?\n).*^(?=## All notebooks)", re.S | re.M)


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("source-read", read)
    app.connect("html-page-context", describe)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def read(app: Any, name: str, source: list[str]) -> None:
    """Change the text of a page before it is parsed; ``name`` is its path without its suffix."""
    text = source[0]
    if notebook := notebooks().get(name):
        text = nbformat.writes(lesson.page(notebook))
    elif name == "docs/index":
        text = front.page(text, all_notebooks())
    elif name == "docs/results":
        text += contents([f"results/{unit}" for unit in units()] + ["results/benchmarks"])
    elif name == "docs/map":
        text = MAPS.sub(r"\1\n", text)  # the drawings are in a language that GitHub draws
    elif re.fullmatch(r"notebooks/\w+/README", name):
        own = [n for n in all_notebooks() if n.path.parent.name == Path(name).parent.name]
        text += contents([f"{n.id} {n.title} <{n.path.stem}>" for n in own])
    source[0] = TO_HEADING.sub(lambda m: f"{m[1]}#{anchor(unquote(m[2]))}", text)


@cache
def notebooks() -> dict[str, Notebook]:
    """Return the notebooks by the names of their pages."""
    return {f"notebooks/{n.name}": n for n in all_notebooks()}


def contents(names: list[str]) -> str:
    """Return a hidden table of contents in MyST."""
    return "\n\n```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


def describe(app: Any, name: str, template: str, context: dict[str, Any], _: Any) -> None:
    """Give a notebook's page a description for search engines: its first sentences."""
    if notebook := notebooks().get(name):
        text = html.escape(teaser(notebook))
        line = f'<meta name="description" content="{text}">'
        context["metatags"] = f"{context.get('metatags', '')}\n{line}"


def teaser(notebook: Notebook) -> str:
    """Return the first sentences of the text under a notebook's title, without marks."""
    text = "".join(notebook.raw["cells"][0]["source"]).split("\n\n")[1]
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`$]", r"\1", " ".join(text.split()))
    whole = re.match(rf".{{1,{LONGEST}}}[.?!](?= |$)", plain)
    return whole[0] if whole else plain
