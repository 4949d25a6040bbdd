"""What a committed notebook tells of results/: its table, its times, its trained weights.

The table of a quick run carries in its output's metadata which numbers that run recorded. All
else in it, and the times of the title, follow from ``results/``, so that they are written anew
whenever those change. Its length is counted then, and cells that only draw are folded. A line on
trained weights is never mended: what stands below it was made with the weights that it names.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from tools.notebook import length
from tools.notebook.common import Notebook, write_notebook
from utils import checkpoints, lessons, report, results

TO_READ = re.compile(r"^\| *To read *\|.*\|\n", re.M)
TIMES = re.compile(r"^\| *Time and memory *\| *(?:quick: (.*?); full: .*|.*?) *\|$", re.M)
WEIGHTS = re.compile(r"^trained weights (\S+): (?:from here on|trained by (\S+)).*$", re.M)


def renew(notebook: Notebook) -> bool:
    """Write what a notebook tells of results/ anew; return whether anything changed."""
    content = renewed(notebook.content, notebook.name)
    if content == notebook.content:
        return False
    write_notebook(notebook.path, content)
    return True


def renewed(content: Any, name: str, quick: str = "") -> Any:
    """Return a notebook's content with tables and times as results/ has them now.

    ``quick`` is time and memory of a quick run that has just ended, if one has.
    """
    content = copy.deepcopy(content)
    title = content.cells[0]
    length.fold(content)
    title.source = TO_READ.sub("", title.source)
    title.source = TIMES.sub(lambda row: times(name, quick or row[1]) or row[0], title.source)
    told = to_read(content, name)
    title.source = TIMES.sub(lambda row: f"{told}\n{row[0]}", title.source)
    for output in tables(content):
        table = report.table_of(output.metadata["course"])
        output.data = type(output.data)(
            {"text/html": table._repr_html_(), "text/plain": repr(table)}
        )
    return content


def to_read(content: Any, name: str) -> str:
    """Return the title's row with the length of the main line, and the hours with the tasks."""
    long = length.of(content)
    hours = lessons.lesson(name).get("hours")
    tasks = f"; with the tasks about {hours:g} hours" if hours else ""
    return (
        f"| To read | {long.minutes} min: {long.words:,} words and {long.lines:,} lines of "
        f"code{tasks}{in_short(name)} |"
    )


def in_short(name: str) -> str:
    """Return what the title's row says of the short way; nothing where a lesson names none."""
    *sections, task = lessons.lesson(name).get("short", [""])
    if not sections:
        return ""
    read = ", ".join(f"*{heading}*" for heading in sections)
    return f". In {length.SHORT} minutes: {read}, then task `{task}`"


def times(name: str, quick: str | None) -> str:
    """Return the title's row with what the accepted full run took, and the quick one as given.

    Empty where nothing is known of that.
    """
    run = results.full_run(name)
    full = cost(run["seconds"], run["peak_mb"]) if run else "not measured"
    return f"| Time and memory | quick: {quick}; full: {full} |" if quick else ""


def cost(seconds: float, mb: float) -> str:
    """Return time and memory as a reader wants them: rounded."""
    if seconds >= 100:
        return f"{seconds / 60:.0f} min, {mb / 1000:.1f} GB"
    return f"{5 * max(1, round(seconds / 5))} s, {mb / 1000:.1f} GB"


def tables(content: Any) -> list[Any]:
    """Return the outputs of ``report.table``."""
    outputs = [out for cell in content.cells for out in cell.get("outputs", [])]
    return [out for out in outputs if "metrics" in out.get("metadata", {}).get("course", {})]


def stale(notebook: Notebook) -> Iterator[str]:
    """Yield what a notebook's outputs tell otherwise than results/ and the kept weights."""
    content = notebook.content
    asked = [cell for cell in content.cells if "report.table()" in cell.source]
    if any(cell.get("outputs") for cell in asked) and not tables(content):
        yield "its table does not say which run it is of; run `course.py run --update` on it"
    elif renewed(content, notebook.name) != content:
        yield "its table, its times or its length are others now; run `python course.py report`"
    for cell in content.cells:
        for output in cell.get("outputs", []):
            for line in WEIGHTS.finditer(output.get("text", "")):
                owner = line[2] or notebook.name
                card = checkpoints.card_of(owner, line[1])
                now = checkpoints.told(line[1], owner, card, bool(line[2])) if card else ""
                if now != line[0]:
                    yield f"the weights {line[1]} are others now; run `run --update` on it"
