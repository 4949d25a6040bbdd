"""The assignment sheet that a release opens with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tools.notebook.cells import grading, is_graded, points, task_of
from tools.notebook.common import NOTEBOOKS, Notebook

SET_UP = """\
## Set up

You need Python 3.11, 3.12 or 3.13 and 6 GB of disk. Unpack the zip, and in its folder call

```
python course.py lab
```

The first call makes an environment of its own in `.venv` (a few minutes; about 1 GB is \
downloaded, which stays in the package cache outside this folder) and opens JupyterLab. Later \
calls open it at once. Where `python` is not found, write `python3`, on Windows `py`.
"""
HIDDEN = """\
**Hidden tests.** The tests under a task are some of those that it is graded with. The others stay \
hidden: they hold your function to the same docstring with other inputs. All must pass for its \
points, so a function that only knows the visible examples gets none.
"""
KINDS = """\
**What counts as an answer.** Return the kind that the docstring names: a NumPy array where it \
gives a shape or says array (`np.array` makes one of a list), a list where it says list, a tuple \
where it names several values, as `return a, b` does. A data frame or a series is never an answer, \
a tensor only where the docstring says tensor. NumPy's numbers count as Python's.
"""
HAND_IN = """\
## Check and hand in

```
python course.py check {first}
python course.py check --pack {number}
```

The first runs the visible tests of a notebook and lists what is unsolved, not answered, or \
changed that must stay. The second makes `build/YOURNAME_{unit}.zip` (`--name` sets the \
name): hand in that file. Run each notebook from top to bottom before you pack it.
"""


def page(unit: str, notebooks: list[Notebook], folder: Path) -> str:
    """Return the assignment sheet: the unit's own text, around what its released notebooks say.

    Links stay where they lead to a file in ``folder``, the release's.
    """
    path = NOTEBOOKS / unit / "README.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else f"# Unit {unit}\n"
    opening, sections = split(relink(text, unit, folder))
    todo = sections.pop("What to do", "")
    sections.pop("What to hand in", None)
    parts = [opening, SET_UP]
    if before := sections.pop("Before you start", ""):
        # The set-up has shown the call on lines of its own.
        inline = re.sub(r"```\n(.+)\n```\n\n", r"`\1` ", before)
        parts.append(f"## Before you start\n\n{inline}")
    rows = re.findall(r"^\|.*\|$", todo, flags=re.M)
    prose = [p for p in re.split(r"\n{2,}", todo.strip()) if p and not p.startswith("|")]
    parts += ["## What to do", *prose[:1], task_table(notebooks, rows), HIDDEN, KINDS, *prose[1:]]
    parts.append(HAND_IN.format(first=notebooks[0].id, number=unit[:2], unit=unit))
    parts += [f"## {title}\n\n{body}" for title, body in sections.items()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def split(text: str) -> tuple[str, dict[str, str]]:
    """Return the text before the first section, and the sections by their titles."""
    opening, *sections = re.split(r"^## ", text, flags=re.M)
    parts = (section.partition("\n") for section in sections)
    return opening.strip(), {title.strip(): body.strip() for title, _, body in parts}


def relink(text: str, unit: str, folder: Path) -> str:
    """Let a unit's links lead to files of its release; where there is none, keep the words."""

    def link(match: re.Match[str]) -> str:
        picture, words, address = match.groups()
        if re.match(r"[a-z]+:|#", address):
            return match[0]
        file, hash_sign, anchor = address.partition("#")
        for name in (file, f"{file}.ipynb"):
            path = (folder / "notebooks" / unit / name).resolve()
            if path.is_file() and path.is_relative_to(folder.resolve()):
                inside = path.relative_to(folder.resolve()).as_posix()
                return f"{picture}[{words}]({inside}{hash_sign}{anchor})"
        return "" if picture else words

    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", link, text)


def task_table(notebooks: list[Notebook], rows: list[str]) -> str:
    """Return the table of tasks: points from the notebooks, words from the unit's own table."""
    lines = ["| Notebook | Task | Points |", "|---|---|---|"]
    for notebook in notebooks:
        for cell in notebook.content.cells:
            if is_graded(cell):
                words = description(notebook, cell, rows)
                lines.append(f"| {notebook.id} | {words} | {points(cell)} |")
    total = sum(n.points for n in notebooks)
    return "\n".join([*lines, f"| | **in all** | **{total}** |"])


def description(notebook: Notebook, cell: Any, rows: list[str]) -> str:
    """Return what a graded cell asks for, in the words of the unit's table where it has some."""
    name = task_of(grading(cell)["grade_id"])
    label = f"`{name}`" if cell.cell_type == "code" else "open question"
    for row in rows:
        columns = [column.strip() for column in row.strip("|").split("|")]
        ours = columns[0] in (notebook.path.stem[:2], label)
        if ours and any(column.startswith(label) for column in columns):
            words = columns[1].removeprefix(label).lstrip(": ")
            return f"{label}: {words}" if words else label
    return label
