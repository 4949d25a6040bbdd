"""The learner's copies: every notebook without its solutions, in ``work/``.

A copy is made on first use. When the course changes, a copy that nobody wrote in is replaced; in
one that somebody wrote in, the answers are carried over into the new notebook, and the file as it
was is saved in ``work/.before/``. ``work/.given/`` holds each notebook as it was given, with the
time of the course's own: what was written since is what differs from it. A folder that ``release``
made needs no copies. ``work/.solved/`` holds read-only copies of the solved notebooks.
"""

import copy
import itertools
import os
import shutil
import time
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.commands import RELEASED
from tools.notebook.cells import PLACEHOLDER, fingerprint, grading, lesson_of
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, Problem, shown, write_notebook
from tools.notebook.tasks import STUB, tasks_of
from utils import lessons

WORK = ROOT / "work"
GIVEN, BEFORE, SOLVED = ".given", ".before", ".solved"
GLOSSARY = "docs/glossary.md"
# What nbgrader puts in the place of a solution and of a model answer.
STUBS = {"code_stub": {"python": f"# YOUR CODE HERE\n{STUB}"}, "text_stub": PLACEHOLDER}
INDEX = """# Your notebooks

A folder is an assignment, and its `README.md` the sheet: tasks, points, what to hand in. These are
your copies: your answers stay in them when the course is updated. In the folder above this one,
`python course.py check 06/01` says which tasks pass their visible tests, and `python course.py lab
--solved` opens the solved ones.
[The glossary](glossary.md) says what the field's terms mean.

To begin a notebook again, move your copy away and call `python course.py lab`. To restore one cell,
copy it from the notebook as it was given, in `work/.given/` (File, Open from Path).
"""
SOLVED_INDEX = """# The solved notebooks

These are copies to look at, with outputs. They are read-only, and `lab --solved` makes them again.
To keep what you change, save under another name (File, Save Notebook As), or write in
[your own notebooks](../README.md).
"""
COPIED = "copied"


def folder() -> Path:
    """Return the folder of the notebooks that a learner writes in."""
    return NOTEBOOKS if RELEASED.is_file() else WORK


def fresh_copy() -> str:
    """Return where a fresh copy of a notebook comes from."""
    if RELEASED.is_file():
        return "take a fresh copy from the zip that you were given"
    return "`python course.py lab` makes a fresh copy"


def damage(path: Path) -> str:
    """Return that a file can't be read as a notebook, and what to do about it; "" if it can."""
    try:
        tasks_of(Notebook(path))
    except (Problem, LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return (
            f"{shown(path)} is damaged and can't be read as a notebook: move it away, and "
            f"{fresh_copy()}. A text editor may still show what you wrote"
        )
    return ""


# ------------------------------------------------------------------ copies


def prepare(notebooks: list[Notebook]) -> list[str]:
    """Make the copies of the notebooks and the pages to them, or bring them up to date.

    Returns what a person should know: how many copies were made, which changed and how.
    """
    messages = [update(notebook) for notebook in notebooks]
    write_pages(notebooks, WORK, INDEX)
    changes = [message for message in messages if message not in ("", COPIED)]
    if count := messages.count(COPIED):
        changes.insert(0, f"notebooks copied to {shown(WORK)}/: {count}")
    return changes


def update(original: Notebook) -> str:
    """Bring one copy up to date; return what a person should know of it, "" for nothing."""
    path, given = (WORK / sub / f"{original.name}.ipynb" for sub in (".", GIVEN))
    age = original.path.stat().st_mtime_ns
    if path.is_file() and (message := damage(path)):
        return message
    if path.is_file() and given.is_file() and given.stat().st_mtime_ns == age:
        return ""
    message, new = "", unsolved(original)
    before = Notebook(given).content if given.is_file() else None
    if not path.is_file():
        message = COPIED
        write_notebook(path, new)
    elif before is None or texts(before) != texts(new):
        if before and texts(Notebook(path).content) == texts(before):
            message = (
                f"{original.id} has changed in the course; your copy had no answers and is replaced"
            )
            write_notebook(path, new)
        else:
            message = carry_over(path, answers(before) if before else {}, new)
    write_notebook(given, new)
    os.utime(given, ns=(age, age))
    return message


def texts(content: Any) -> list[tuple[str, str]]:
    """Return the kind and the text of each cell, as far as two notebooks can differ in them."""
    return [(cell.cell_type, fingerprint(cell.source)) for cell in content.cells]


def carry_over(path: Path, before: dict[str, Any], new: Any) -> str:
    """Write a new notebook with a learner's answers in it; save the file as it was.

    ``before`` are the cells that were given to be filled in, by grade_id; what differs from them,
    and from the new ones, is an answer.
    """
    written, content, carried = answers(Notebook(path).content), copy.deepcopy(new), []
    for name, cell in answers(content).items():
        text = written.get(name, cell).source
        given = before.get(name, cell).source
        if fingerprint(text) not in (fingerprint(given), fingerprint(cell.source)):
            cell.source = text
            carried.append(name)
    saved = WORK / BEFORE / path.parent.name / f"{path.stem}-{time.strftime('%Y%m%d-%H%M%S')}.ipynb"
    saved.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, saved)
    write_notebook(path, content)
    return (
        f"{shown(path)}: the course has changed this notebook. The new copy has your answers to: "
        f"{', '.join(carried) or 'no task'}. Your old file, with all else that you wrote, is "
        f"{shown(saved)}; the new text of each task is in {shown(WORK / GIVEN)}/"
    )


def answers(content: Any) -> dict[str, Any]:
    """Return the cells that a learner fills in, by grade_id."""
    blocks = [(grading(cell), cell) for cell in content.cells]
    return {b["grade_id"]: c for b, c in blocks if b.get("solution") and b.get("grade_id")}


def write_solved(notebooks: list[Notebook]) -> Path:
    """Make the read-only copies of the solved notebooks again."""
    for notebook in notebooks:
        path = WORK / SOLVED / f"{notebook.name}.ipynb"
        if path.is_file():
            path.chmod(0o644)  # Windows replaces no file that is read-only
        write_notebook(path, opened(lesson_of(notebook.content), "../../../"))
        path.chmod(0o444)
    write_pages(notebooks, WORK / SOLVED, SOLVED_INDEX)
    return WORK / SOLVED


def write_pages(notebooks: list[Notebook], target: Path, opening: str) -> None:
    """Write the page that leads to every notebook of a folder, the sheets and the glossary."""
    page = opening
    for unit, own in itertools.groupby(notebooks, lambda n: n.path.parent):
        page += f"\n[{lessons.heading(unit.name)}]({unit.name}/README.md)\n\n"
        page += "".join(f"- [{n.id} {n.title}]({n.name}.ipynb)\n" for n in own)
        shutil.copyfile(unit / "README.md", target / unit.name / "README.md")
    write_text(target / "README.md", page)
    glossary = (ROOT / GLOSSARY).read_text(encoding="utf-8")
    write_text(target / "glossary.md", glossary.replace("](../notebooks/", "]("))


# ------------------------------------------------------------------ what is given


def unsolved(notebook: Notebook) -> Any:
    """Return a notebook as nbgrader gives it to students: no solutions, hidden tests, outputs.

    It ends above its line.
    """
    from nbgrader import preprocessors
    from traitlets.config import Config

    config = Config({"ClearSolutions": STUBS})
    content, resources = lesson_of(notebook.content), {}
    for name in (
        *("LockCells", "ClearSolutions", "ClearOutput", "ClearHiddenTests"),
        *("ClearMarkScheme", "ComputeChecksums"),
    ):
        step = getattr(preprocessors, name)(config=config)
        content, resources = step.preprocess(content, resources)
    return opened(content, "../../")


def name_kernel(notebooks: list[Notebook]) -> None:
    """Give released notebooks the language of their kernel, as `opened` does; dates stay."""
    from ipykernel.ipkernel import IPythonKernel

    language = IPythonKernel.language_info
    for notebook in notebooks:
        path = notebook.path
        if damage(path) or notebook.content.metadata.get("language_info") == language:
            continue
        before = path.stat()
        notebook.content.metadata["language_info"] = language
        write_notebook(path, notebook.content)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def opened(content: Any, root: str) -> Any:
    """Return a notebook as its copy is opened: links lead to the course by ``root``.

    It has the language of its kernel: else JupyterLab marks it as changed at once.
    """
    from ipykernel.ipkernel import IPythonKernel

    content = copy.deepcopy(content)
    content.metadata["language_info"] = IPythonKernel.language_info
    for cell in content.cells:
        if cell.cell_type == "markdown":
            text = cell.source.replace(f"](../../{GLOSSARY}", "](../glossary.md")
            cell.source = text.replace("](../../", f"]({root}")
    return content
