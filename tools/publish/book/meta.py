"""What a page says of itself to search engines and where it is shared: description and picture."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

from tools.notebook import launch
from tools.notebook.common import Notebook, all_notebooks

LONGEST = 200  # characters of a description
PICTURES = "_static/pictures"
OF_FIRST = (  # its title and its words
    "Deep vision and graph learning",
    "Faces, segmentation, generative networks, graphs: each notebook builds one method from its "
    "idea to a measured result, on a laptop; you write the part that matters, and tests check it.",
)


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("html-page-context", describe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def describe(app: Any, pagename: str, template: str, context: dict[str, Any], _: Any) -> None:
    """Add the tags of a notebook's page to those that Sphinx has."""
    if pagename == "index":
        context["metatags"] = f"{context.get('metatags', '')}\n{lines('website', *OF_FIRST)}"
    notebook = notebooks().get(pagename.removeprefix("notebooks/"))
    if notebook is not None:
        context["metatags"] = f"{context.get('metatags', '')}\n{tags(notebook)}"


@cache
def notebooks() -> dict[str, Notebook]:
    """Return the notebooks by name."""
    return {n.name: n for n in all_notebooks()}


def tags(notebook: Notebook) -> str:
    """Return the tags of a notebook; a picture needs the address of the site."""
    text = teaser(notebook)
    site = address()
    picture = {"og:image": f"{site}/{PICTURES}/{notebook.name}.png"} if site else {}
    return lines("article", notebook.title, text, picture)


def lines(kind: str, title: str, text: str, more: dict[str, str] | None = None) -> str:
    """Return the tags of a page as HTML."""
    told = {"og:type": kind, "og:title": title, "og:description": text} | (more or {})
    found = [f'<meta name="description" content="{html.escape(text)}">']
    found += [f'<meta property="{k}" content="{html.escape(v)}">' for k, v in told.items()]
    return "\n".join(found)


def teaser(notebook: Notebook) -> str:
    """Return the first sentences of the text under the title, without marks."""
    text = "".join(notebook.raw["cells"][0]["source"]).split("\n\n")[1]
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`$]", r"\1", " ".join(text.split()))
    sentences = re.split(r"(?<=[.?!]) ", plain)
    told = sentences[0]
    for sentence in sentences[1:]:
        if len(told) + len(sentence) >= LONGEST:
            break
        told += f" {sentence}"
    return told


def address() -> str:
    """Return where GitHub shows the site of the repository; empty where that is not set."""
    owner, _, name = launch.repository().partition("/")
    return f"https://{owner}.github.io/{name}" if name else ""


def write_pictures(folder: Path) -> None:
    """Copy the notebooks' pictures to where their tags say that they are."""
    from tools.publish import pictures

    for name, notebook in notebooks().items() if address() else ():
        target = folder / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(pictures.place(notebook).read_bytes())
