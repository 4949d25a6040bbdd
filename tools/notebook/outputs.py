"""Outputs of a committed notebook: who made them, and those that follow from other files.

The outputs above the line are those of a run in the profile lesson, the outputs below it those of
the full run that was accepted last. Both carry the checksum of the training cells that made them.

The table of a run carries in its output's metadata which numbers that run recorded. All else in
it follows from ``results/``, so that it is written again whenever those change.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nbformat.v4 import new_output

from tools.notebook.cells import OPENS, below_line, tags
from tools.notebook.common import Notebook, Problem, write_notebook
from utils import code, report

SHOWN_ABOVE = "(This cell draws the picture at the top of the page.)"
NOT_SHOWN = "(The full run draws a picture of photographs here, which may not be passed on.)"
TIME = re.compile(r"^(\| *Time *\|.*?)(?:; runs in \d+ s(?:econds)?)? *\|$", re.M)


def renewed(content: Any) -> Any:
    """Return a notebook's content with its tables as results/ has them now."""
    content = copy.deepcopy(content)
    for output in tables(content):
        table = report.table_of(output.metadata["course"])
        output.data = type(output.data)(
            {"text/html": table._repr_html_(), "text/plain": repr(table)}
        )
    return content


def write_times(content: Any, times: Mapping[str, float]) -> None:
    """Write how long a notebook's profiles take into the metadata, and into the row *Time*.

    ``times`` has the processor seconds of "quick", and of a page with a line the seconds of
    "lesson" on a machine that does nothing else.
    """
    course = content.metadata["course"]
    course["seconds"] = {name: round(seconds, 1) for name, seconds in times.items()}
    shown = max(1, round(times.get("lesson", times["quick"])))
    title = content.cells[0]
    title.source = TIME.sub(rf"\1; runs in {shown} s |", title.source)


def seconds_of(notebook: Notebook, profile: str) -> float | None:
    """Return the seconds of a profile that are written down; None where none are.

    Of a page without a line, "quick" is the lesson as well.
    """
    written = notebook.meta.get("seconds", {})
    return written.get(profile, written.get("quick"))


# ------------------------------------------------------------------ the two parts of a page


def sign(content: Any, result: dict[str, Any]) -> None:
    """Write into an executed copy which run it is of, so that `report --accept` knows."""
    run = {key: result[key] for key in ("finished", "code")}
    content.metadata.setdefault("course", {})["run"] = run


def write_lesson(content: Any) -> None:
    """Write which code made the outputs above the line, and the picture of the first cell."""
    course = content.metadata["course"]
    course.pop("run", None)
    course["code"] = {**course.get("code", {}), "lesson": lesson_code(content)}
    write_picture(content)


def lesson_code(content: Any) -> str:
    """Return the checksum of the training cells above a notebook's line."""
    return code.checksum(code.training_sources(content.cells, below=False))


def write_reproduction(notebook: Notebook, executed: Any, shows: Callable[[Any], bool]) -> None:
    """Write the outputs of an accepted full run below a notebook's line.

    ``executed`` is the copy that the run left. A cell that was written or changed since gets none.
    Of an output that has a picture, the picture is left out unless ``shows(cell)`` is true.
    """
    content = copy.deepcopy(notebook.content)
    ran = {(cell.id, cell.source): cell for cell in below_line(executed.cells)}
    for cell in (cell for cell in below_line(content.cells) if cell.cell_type == "code"):
        same = ran.get((cell.id, cell.source))
        outputs = same.outputs if same else []
        cell.outputs = [o if shows(cell) else without_pictures(o) for o in outputs]
        cell.execution_count = same.execution_count if same else None
    course = content.metadata["course"]
    course["code"] = {**course.get("code", {}), "reproduction": executed.metadata["course"]["run"]}
    write_notebook(notebook.path, content)


def without_pictures(output: Any, text: str = NOT_SHOWN) -> Any:
    """Return an output in which a text stands for each picture that may not be shown."""
    if not any(kind.startswith("image/") for kind in output.get("data", {})):
        return output
    return new_output("display_data", {"text/plain": text})


def write_picture(content: Any) -> None:
    """Put the page's picture, as its cell has drawn it, into the first cell as an attachment.

    The first cell asks for it by ``attachment:ID.png``, in which ID is that of the cell that draws.
    Where that cell has the tag ``opens``, it keeps no picture of its own, so that the page does not
    show the same one twice. Raises Problem where that cell has no picture.
    """
    title = content.cells[0]
    wanted = re.findall(r"\]\(attachment:([\w-]+)\.png\)", title.source)
    attachments = {f"{name}.png": {"image/png": picture_of(content, name)} for name in wanted}
    title.pop("attachments", None)
    if attachments:
        title["attachments"] = attachments
    for cell in content.cells:
        if OPENS in tags(cell):
            cell.outputs = [without_pictures(output, SHOWN_ABOVE) for output in cell.outputs]


def picture_of(content: Any, name: str) -> str:
    """Return the picture that a cell has drawn, a PNG in base64; Problem where there is none."""
    if figure := figure_in(content, name):
        return figure[0].replace("\n", "")
    raise Problem(
        f"the first cell shows attachment:{name}.png, and no cell {name!r} has drawn a picture"
    )


def figure_in(content: Any, name: str | None) -> tuple[str, str] | None:
    """Return the first figure of a cell, a PNG in base64, and its description; None without one.

    The figure of a cell that has the tag ``opens`` is found in the first cell of the notebook.
    """
    for cell in content.cells:
        outputs = cell.get("outputs", []) if cell.get("id") == name else []
        shown = [output.get("data", {}).get("image/png") for output in outputs]
        pictures = [picture for picture in shown if picture]
        if outputs and OPENS in tags(cell):
            pictures += content.cells[0].get("attachments", {}).get(f"{name}.png", {}).values()
        if pictures:
            return pictures[0], cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    return None


def tables(content: Any) -> list[Any]:
    """Return the outputs of ``report.table``."""
    outputs = [out for cell in content.cells for out in cell.get("outputs", [])]
    return [out for out in outputs if "metrics" in out.get("metadata", {}).get("course", {})]


def stale(notebook: Notebook) -> Iterator[str]:
    """Yield which outputs of a notebook disagree with results/, or are of other code."""
    content = notebook.content
    asked = [cell for cell in content.cells if "report.table()" in cell.source]
    if any(cell.get("outputs") for cell in asked) and not tables(content):
        yield "its table does not say which run it is of; run `course.py run --update` on it"
    elif renewed(content) != content:
        yield "results/ has changed since its table was made; run `python course.py report`"
    yield from stale_picture(content)
    made = notebook.meta.get("code", {}).get("lesson")
    if notebook.has_line and made != lesson_code(content):
        yield "the outputs of its lesson are of other code; run `course.py run --update` on it"


def stale_picture(content: Any) -> Iterator[str]:
    """Yield whether the picture of the first cell is not the one that its cell has drawn."""
    renewed_title = type(content)({**content, "cells": copy.deepcopy(content.cells)})
    try:
        write_picture(renewed_title)
    except Problem as error:
        yield f"{error}; run `course.py run --update` on it"
        return
    if renewed_title.cells[0].get("attachments") != content.cells[0].get("attachments"):
        yield "its first cell shows an older picture; run `course.py run --update` on it"


def reproduction_note(notebook: Notebook) -> str:
    """Return what is to say of the outputs below a notebook's line; "" where they are of its code.

    A full run may take hours, so that this is no fault.
    """
    if not notebook.has_line:
        return ""
    made = notebook.meta.get("code", {}).get("reproduction", {}).get("code")
    now = code.checksum(code.training_sources(notebook.content.cells))
    if made == now:
        return ""
    state = "are of other code" if made is not None else "are missing"
    return f"the outputs of its reproduction {state}; they come from a full run that is accepted"
