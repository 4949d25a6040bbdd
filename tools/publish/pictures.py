"""A small picture of each notebook, taken from the outputs that are committed in it."""

from __future__ import annotations

import base64
import html
import io
import os
from pathlib import Path
from typing import Any

from PIL import Image

from data.core.files import temporary_path
from tools.notebook.common import ROOT, Notebook, Problem
from utils import lessons

WIDTH = 320
OPENING = ROOT / "docs" / "results" / "opening.jpg"  # of the README
OPENS, WIDE = "07/09", 760


def place(notebook: Notebook) -> Path:
    """Where the notebook's picture for the README is kept."""
    return lessons.folder(notebook.name) / "picture.png"


def cell_of(notebook: Notebook) -> Any:
    """Return the cell whose figure is the notebook's picture, or None."""
    wanted = notebook.lesson.get("picture")
    return next((c for c in notebook.content.cells if wanted and c.get("id") == wanted), None)


def of_unit(unit: str, notebooks: list[Notebook]) -> Notebook:
    """Return the one of a unit's notebooks whose picture stands for it."""
    wanted = lessons.unit(unit).get("shown")
    return next((n for n in notebooks if n.path.stem == wanted), notebooks[-1])


def link(notebook: Notebook, page: Path, alt: str | None = None) -> str:
    """Return the small picture of a notebook, taken from its own outputs, as HTML for a page.

    Without ``alt``, it carries the description of the figure that it is made of.
    """
    cell = cell_of(notebook)
    if cell is None:
        return ""
    alt = alt or cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    source = Path(os.path.relpath(place(notebook), page.parent)).as_posix()
    return f'<img src="{source}" width="{WIDTH // 2}" alt="{html.escape(alt, quote=True)}">'


def draw(notebook: Notebook) -> None:
    """Write the small picture of a notebook from the outputs that are committed in it.

    Raises Problem if the cell that its lesson names has no picture.
    """
    if notebook.lesson.get("picture"):
        place(notebook).parent.mkdir(parents=True, exist_ok=True)
        with temporary_path(place(notebook)) as part:
            resized(figure_of(notebook), WIDTH).quantize(64).save(part, optimize=True)


def draw_opening(notebooks: list[Notebook]) -> None:
    """Write the picture that the README begins with."""
    shown = next(notebook for notebook in notebooks if notebook.id == OPENS)
    with temporary_path(OPENING) as part:
        resized(figure_of(shown), WIDE).save(part, quality=88, optimize=True)


def figure_of(notebook: Notebook) -> Image.Image:
    """Return the figure that is a notebook's picture, as its outputs have it."""
    cell = cell_of(notebook)
    outputs = cell.get("outputs", []) if cell else []
    found = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    if not found:
        cell_id = notebook.lesson["picture"]
        raise Problem(
            f"{notebook.name}: lesson.toml names the picture {cell_id!r}, which is no "
            "cell with a figure"
        )
    return Image.open(io.BytesIO(base64.b64decode(found[0]))).convert("RGB")


def resized(image: Image.Image, width: int) -> Image.Image:
    """Return a picture in a width of its own."""
    height = round(image.height * width / image.width)
    return image.resize((width, height), Image.Resampling.LANCZOS)
