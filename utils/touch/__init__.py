"""Figures to touch: one source for the book's pages and for a running notebook.

A figure has a *kind*, which is a script of this folder, and *numbers*, which a notebook hands
over with ``report.touch``. ``kit.js`` is what kinds share, ``start.js`` begins all figures of a
page. The book joins all of them into one script; in JupyterLab a figure is a page of its own in a
frame, with its kind alone, so that neither an extension nor a server is needed.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
# What a reader does with a figure, by its kind: the kinds are the scripts that are named so.
TRY = {
    "thresholds": "tell three activities apart by two thresholds",
    "walks": "lead the walks of node2vec by p and q",
    "boxes": "move boxes until one suppresses the other",
    "align": "mark three points of a turned face, and see it stand upright",
}
MIME = re.compile(r"application/vnd\.course\.(\w+)\+json")


def mime(kind: str) -> str:
    """Return the type of the output that holds the numbers of a figure."""
    return f"application/vnd.course.{kind}+json"


def numbers_in(data: dict[str, Any]) -> tuple[str, Any] | None:
    """Return kind and numbers of an output's data; None if it is no figure to touch."""
    matches = ((MIME.fullmatch(name), numbers) for name, numbers in data.items())
    return next(((kind[1], numbers) for kind, numbers in matches if kind), None)


def script(*kinds: str) -> str:
    """Return the script of these kinds, of all if none is named; it begins a page's figures."""
    parts = [_read("kit.js"), "const kinds = {};", *(_read(f"{kind}.js") for kind in kinds or TRY)]
    return '"use strict";\n\n(() => {\n' + "\n".join([*parts, _read("start.js")]) + "})();\n"


def style() -> str:
    """Return the style sheet of the figures, which takes its colours from the page around."""
    return _read("touch.css")


def element(kind: str, numbers: dict[str, Any]) -> str:
    """Return the element that the script begins with: the numbers, and what to do with them."""
    text = json.dumps(numbers, ensure_ascii=False).replace("</", "<\\/")
    return (
        f'<div class="touch" id="touch-{kind}" data-kind="{kind}" '
        f'data-title="{html.escape(TRY[kind])}">'
        f'<script type="application/json">{text}</script></div>'
    )


def page(kind: str, numbers: dict[str, Any]) -> str:
    """Return a figure as an HTML page that needs nothing else."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(TRY[kind])}</title>"
        f"<style>{style()}{_read('lab.css')}</style></head>\n<body>{element(kind, numbers)}\n"
        f"<script>{_read('lab.js')}\n{script(kind)}</script></body></html>\n"
    )


def frame(kind: str, numbers: dict[str, Any]) -> str:
    """Return a figure as one HTML element, a frame that grows to the height of its page."""
    return (
        f'<iframe title="Figure to touch: {html.escape(TRY[kind])}" '
        f'srcdoc="{html.escape(page(kind, numbers))}" '
        f'style="width: 100%; max-width: 58rem; height: 30rem; border: 0"></iframe>'
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
