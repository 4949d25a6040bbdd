"""The learner's copies: every notebook without its solutions, in ``work/``.

A copy is made on first use. When the course changes, a copy that nobody wrote in is replaced; in
one that somebody wrote in, his answers are carried over into the new notebook, and the file as it
was is kept in ``work/.before/``. ``work/.given/`` holds each notebook as it was given:
what was written since is what differs from it. A folder that ``release`` made needs no copies.
``work/.solved/`` holds read-only copies of the solved notebooks, for who wants to look.
"""

from __future__ import annotations

import copy
import os
import shutil
import time
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.commands import RELEASED
from tools.notebook.cells import PLACEHOLDER, fingerprint, grading
from tools.notebook.common import (
    NOTEBOOKS,
    ROOT,
    Notebook,
    Problem,
    remedy,
    shown,
    write_notebook,
)
from tools.notebook.tasks import STUB
from utils import lessons

WORK = ROOT / "work"
GIVEN, BEFORE, SOLVED = ".given", ".before", ".solved"
GLOSSARY = "docs/glossary.md"
# What nbgrader puts in the place of a solution and of a model answer.
STUBS = {"code_stub": {"python": f"# YOUR CODE HERE\n{STUB}"}, "text_stub": PLACEHOLDER}
INDEX = """# Your notebooks

A folder is an assignment, and its `README.md` the sheet: tasks, points, what to hand in. These are
your copies: write in them, they are kept when the course is updated. `python course.py check 06/01`
says which tasks pass their visible tests; `python course.py lab --solved` opens the solved ones.
[The glossary](glossary.md) says what the field's terms mean.
"""
SOLVED_INDEX = """# The solved notebooks

These are copies to look at, with outputs: they are read-only, and made anew when the course
changes. Run and change what you like; to keep it, save under another name (File, Save Notebook
As), or write in [your own notebooks](../README.md). [The glossary](glossary.md) says what the
field's terms mean.
"""
TABLE = """
| | notebook | hours | points |
|---|---|---|---|
"""


def place() -> Path:
    """Return the folder of the notebooks that a learner writes in."""
    return NOTEBOOKS if RELEASED.is_file() else WORK


def prepare(notebooks: list[Notebook]) -> list[str]:
    """Make the copies of the notebooks and the pages to them, or bring them up to date.

    Returns what a person should know: which copies were made, which changed and how. Raises Problem
    if ``work/`` can't be written.
    """
    try:
        told = [line for notebook in notebooks if (line := bring(notebook, WORK))]
        write_pages(notebooks, WORK, INDEX)
    except OSError as error:
        raise Problem(
            f"the copies can't be written to {shown(WORK)}/ ({error}); "
            f"{remedy(error, 'make that folder writable')}"
        ) from None
    made = sum(line == MADE for line in told)
    some = f"{made} notebook{'s' if made != 1 else ''}"
    return ([f"{some} copied to {shown(WORK)}/"] if made else []) + [
        line for line in told if line != MADE
    ]


def write_solved(notebooks: list[Notebook]) -> Path:
    """Make the read-only copies of the solved notebooks, or bring them up to date.

    Raises Problem if their folder can't be written.
    """
    folder = WORK / SOLVED
    try:
        for notebook in notebooks:
            copy_read_only(notebook, folder / f"{notebook.name}.ipynb")
        write_pages(notebooks, folder, SOLVED_INDEX)
    except OSError as error:
        raise Problem(
            f"the copies can't be written to {shown(folder)}/ ({error}); "
            f"{remedy(error, 'make it writable')}"
        ) from None
    return folder


def copy_read_only(notebook: Notebook, target: Path) -> None:
    """Copy a notebook to a file that may not be written to, unless that is as old as itself is."""
    age = notebook.path.stat().st_mtime_ns
    if target.is_file():
        if target.stat().st_mtime_ns == age:
            return
        target.chmod(0o644)  # Windows replaces no file that is read-only
    write_notebook(target, as_opened(linked(notebook.content, "../../../")))
    os.utime(target, ns=(age, age))
    target.chmod(0o444)


def write_pages(notebooks: list[Notebook], folder: Path, opening: str) -> None:
    """Write the page that leads to every notebook of a folder, the sheets and the glossary."""
    for unit in sorted({n.path.parent.name for n in notebooks}):
        sheet = NOTEBOOKS / unit / "README.md"
        if sheet.is_file():
            shutil.copyfile(sheet, folder / unit / "README.md")
    page = (ROOT / GLOSSARY).read_text(encoding="utf-8")
    write_text(folder / "glossary.md", page.replace("](../notebooks/", "]("))
    write_text(folder / "README.md", index(notebooks, opening))


MADE = "made"


def bring(original: Notebook, work: Path) -> str:
    """Bring one copy up to date; return what a person should know of it, "" for nothing."""
    mine, given = (work / sub / f"{original.name}.ipynb" for sub in (".", GIVEN))
    known, stamp = given_of(original, work), stamp_of(original)
    if mine.is_file() and given.is_file() and known == stamp and not cut_short(mine):
        return ""
    if mine.is_file() and given.is_file() and damaged(mine):
        return (
            f"{shown(mine)} is damaged, no notebook any more: move it away, and the next lab makes "
            "a fresh one"
        )
    new = unsolved(original)
    if not (mine.is_file() and given.is_file()):
        told = MADE if not mine.is_file() else keep(mine, new, work)
    elif same(Notebook(given).content, new):
        told = ""
    elif same(Notebook(mine).content, Notebook(given).content):
        write_notebook(mine, new)
        told = f"{original.id} has changed in the course; you had not written in it, it is replaced"
    else:
        told = carry_over(mine, given, new, work)
    for path in (mine, given):
        path.parent.mkdir(parents=True, exist_ok=True)
    if not mine.is_file():
        write_notebook(mine, new)
    write_notebook(given, new)
    write_text(sum_file(original, work), stamp)
    return told


def changed_since(original: Notebook, work: Path) -> bool:
    """Say whether the course has changed a notebook since a learner's copy was made of it."""
    return given_of(original, work) not in ("", stamp_of(original))


def sum_file(original: Notebook, work: Path) -> Path:
    """Return the file that holds the stamp of what a copy was made of."""
    return work / GIVEN / f"{original.name}.sum"


def given_of(original: Notebook, work: Path) -> str:
    """Return the stamp of what a copy was made of; "" where there is none."""
    path = sum_file(original, work)
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def stamp_of(original: Notebook) -> str:
    """Return what tells one version of a notebook of the course from another."""
    return fingerprint(original.path.read_text(encoding="utf-8"))


def cut_short(mine: Path) -> bool:
    """Say whether a file does not end as a notebook does, as after a full disk."""
    with open(mine, "rb") as stream:
        stream.seek(max(0, mine.stat().st_size - 64))
        return not stream.read().rstrip().endswith(b"}")


def damaged(mine: Path) -> bool:
    """Say whether a file can't be read as a notebook."""
    try:
        return not isinstance(Notebook(mine).raw.get("cells"), list)
    except (Problem, AttributeError):
        return True


def keep(mine: Path, new: Any, work: Path) -> str:
    """Put a file of which it is not known what was given out of the way."""
    old = set_aside(mine, work)
    write_notebook(mine, new)
    return f"{shown(mine)} was made by something else; it is kept as {shown(old)}"


def carry_over(mine: Path, given: Path, new: Any, work: Path) -> str:
    """Put a learner's answers into the new notebook; keep his file as it was beside it."""
    before = answers(Notebook(given).content)
    written = {
        name: text
        for name, text in answers(Notebook(mine).content).items()
        if fingerprint(text) != fingerprint(before.get(name, ""))
    }
    content = copy.deepcopy(new)
    carried = [name for name in answers(new) if name in written]
    for cell in content.cells:
        if is_answer(cell) and grading(cell)["grade_id"] in carried:
            cell.source = written[grading(cell)["grade_id"]]
    old = set_aside(mine, work)
    write_notebook(mine, content)
    return (
        f"{shown(mine)}: the course has changed it; your answers are in the new one: "
        f"{', '.join(carried) or 'none yet'}. All else that you wrote is in your file as it was, "
        f"{shown(old)}; the new text of each task is in {shown(given)}"
    )


def answers(content: Any) -> dict[str, str]:
    """Return the text of each cell that a learner fills in, by its grade_id."""
    return {grading(c)["grade_id"]: c.source for c in content.cells if is_answer(c)}


def is_answer(cell: Any) -> bool:
    """Say whether a learner writes an answer here, to a task or to an open question."""
    return bool(grading(cell).get("solution") and grading(cell).get("grade_id"))


def set_aside(mine: Path, work: Path) -> Path:
    """Copy a learner's file to ``work/.before/``, by the time at which it is replaced."""
    name = f"{mine.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb"
    target = work / BEFORE / mine.parent.name / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(mine, target))


# ------------------------------------------------------------------ what is given


def unsolved(notebook: Notebook) -> Any:
    """Return a notebook as nbgrader gives it to students: no solutions, hidden tests, outputs."""
    from nbgrader import preprocessors
    from traitlets.config import Config

    config = Config({"ClearSolutions": STUBS})
    content, resources = copy.deepcopy(notebook.content), {}
    for name in (
        *("LockCells", "ClearSolutions", "ClearOutput", "ClearHiddenTests"),
        *("ClearMarkScheme", "ComputeChecksums"),
    ):
        step = getattr(preprocessors, name)(config=config)
        content, resources = step.preprocess(content, resources)
    return as_opened(linked(content, "../../"))


def linked(content: Any, root: str) -> Any:
    """Return a notebook whose links lead to the course by ``root``, and to its copies' glossary."""
    content = copy.deepcopy(content)
    for cell in content.cells:
        if cell.cell_type == "markdown":
            text = cell.source.replace(f"](../../{GLOSSARY}", "](../glossary.md")
            cell.source = text.replace("](../../", f"]({root}")
    return content


def as_opened(content: Any) -> Any:
    """Return a notebook that JupyterLab does not mark as changed as soon as it is opened."""
    from ipykernel.ipkernel import IPythonKernel

    content.metadata["language_info"] = IPythonKernel.language_info
    return content


def index(notebooks: list[Notebook], opening: str) -> str:
    """Return the page that leads to every notebook, and to every unit's sheet."""
    rows, unit = [], ""
    for n in notebooks:
        if n.path.parent.name != unit:
            unit = n.path.parent.name
            rows.append(f"| **{unit[:2]}** | **[{lessons.title(unit)}]({unit}/README.md)** | | |")
        hours = f"{n.hours:g}"
        rows.append(f"| {n.id} | [{n.title}]({n.name}.ipynb) | {hours} | {n.points} |")
    return opening + TABLE + "\n".join(rows) + "\n"


def same(one: Any, other: Any) -> bool:
    """Say whether two notebooks hold the same cells, whatever their outputs."""
    held = ([(c.cell_type, fingerprint(c.source)) for c in n.cells] for n in (one, other))
    return next(held) == next(held)
