"""A small picture of each notebook, taken from the outputs that are committed in it."""

import base64
import html
import io
import os
from pathlib import Path

from PIL import Image

from data.core.files import temporary_path
from tools.notebook import outputs
from tools.notebook.common import ROOT, Notebook, Problem
from utils import lessons

WIDTH = 320
# The picture that the README begins with, and the cell of a notebook that it is taken from.
OPENING, WIDE = ROOT / "docs" / "results" / "opening.jpg", 760
OPENS, OPENS_CELL = "02/01", "side-by-side"


def place(notebook: Notebook) -> Path:
    """Return the file of the notebook's picture for the README."""
    return lessons.folder(notebook.name) / "picture.png"


def figure_of(notebook: Notebook) -> tuple[str, str]:
    """Return the figure that is a notebook's picture, a PNG in base64, and its description.

    Raises Problem if the cell that its lesson names has no figure.
    """
    wanted = notebook.lesson.get("picture")
    if figure := outputs.figure_in(notebook.content, wanted):
        return figure
    raise Problem(
        f"{notebook.name}: lesson.toml names the picture {wanted!r}, which is no cell with a figure"
    )


def of_unit(unit: str, notebooks: list[Notebook]) -> Notebook:
    """Return the one of a unit's notebooks whose picture stands for it."""
    wanted = lessons.unit(unit).get("shown")
    return next((n for n in notebooks if n.path.stem == wanted), notebooks[-1])


def link(notebook: Notebook, page: Path, alt: str) -> str:
    """Return the small picture of a notebook as HTML for a page."""
    source = Path(os.path.relpath(place(notebook), page.parent)).as_posix()
    return f'<img src="{source}" width={WIDTH // 2} alt="{html.escape(alt, quote=True)}">'


def draw(notebook: Notebook) -> None:
    """Write the small picture of a notebook, and the README's where it is taken from this one."""
    image = opened(figure_of(notebook)[0])
    place(notebook).parent.mkdir(parents=True, exist_ok=True)
    with temporary_path(place(notebook)) as part:
        resized(image, WIDTH).quantize(64).save(part, optimize=True)
    shown = outputs.figure_in(notebook.content, OPENS_CELL) if notebook.id == OPENS else None
    if shown:
        with temporary_path(OPENING) as part:
            resized(opened(shown[0]), WIDE).save(part, quality=88, optimize=True)


def opened(figure: str) -> Image.Image:
    """Return a figure, a PNG in base64, as a picture."""
    return Image.open(io.BytesIO(base64.b64decode(figure))).convert("RGB")


def resized(image: Image.Image, width: int) -> Image.Image:
    """Return a picture in a width of its own."""
    height = round(image.height * width / image.width)
    return image.resize((width, height), Image.Resampling.LANCZOS)
