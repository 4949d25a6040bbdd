"""Outputs of a committed notebook that follow from other files: its table, its trained weights.

The table of a quick run carries in its output's metadata which numbers that run recorded. All
else in it follows from ``results/``, so that it is written again whenever those change. A line on
trained weights is never changed: what stands below it was made with the weights that it names.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from tools.notebook.common import Notebook, write_notebook
from utils import report

TIME = re.compile(r"^(\| *Time *\|.*?)(?:; runs in \d+ s(?:econds)?)? *\|$", re.M)


def renew(notebook: Notebook) -> bool:
    """Write a notebook's table of results again; return whether anything changed."""
    content = renewed(notebook.content)
    if content == notebook.content:
        return False
    write_notebook(notebook.path, content)
    return True


def renewed(content: Any) -> Any:
    """Return a notebook's content with its tables as results/ has them now."""
    content = copy.deepcopy(content)
    for output in tables(content):
        table = report.table_of(output.metadata["course"])
        output.data = type(output.data)(
            {"text/html": table._repr_html_(), "text/plain": repr(table)}
        )
    return content


def write_time(content: Any, seconds: float) -> None:
    """Write the processor seconds of a run into the metadata, and into the title's row *Time*."""
    content.metadata["course"]["processor_seconds"] = round(seconds, 1)
    title = content.cells[0]
    title.source = TIME.sub(rf"\1; runs in {max(1, round(seconds))} s |", title.source)


def tables(content: Any) -> list[Any]:
    """Return the outputs of ``report.table``."""
    outputs = [out for cell in content.cells for out in cell.get("outputs", [])]
    return [out for out in outputs if "metrics" in out.get("metadata", {}).get("course", {})]


def stale(notebook: Notebook) -> Iterator[str]:
    """Yield which outputs of a notebook disagree with results/."""
    content = notebook.content
    asked = [cell for cell in content.cells if "report.table()" in cell.source]
    if any(cell.get("outputs") for cell in asked) and not tables(content):
        yield "its table does not say which run it is of; run `course.py run --update` on it"
    elif renewed(content) != content:
        yield "results/ has changed since its table was made; run `python course.py report`"
