"""``course.py release``: what students are given of an assignment, made by nbgrader.

An assignment is a unit, or what an instructor chooses. nbgrader takes solutions and hidden tests
out of its notebooks and locks the tests. Around the result goes what a student needs and no more:
the assignment sheet, the glossary, the entry, ``utils``, ``data``, ``drawing``, the tools for lab,
run, check and data. It is written to ``build/release/NAME/`` and ``build/release/NAME.zip``.
"""

import errno
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from filelock import FileLock

from data.core import cards
from data.core.files import write_text
from tools.commands import DISK, DOWNLOAD, RELEASED
from tools.notebook import assignment, marked, sheets, tasks
from tools.notebook.assignment import Assignment
from tools.notebook.common import (
    BUILD,
    NOTEBOOKS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    remedy,
    select,
    shown,
    write_notebook,
)
from tools.publish import glossary
from tools.teach import generate, private

# Rooms above tools.learn, with grading and its sandbox, import these; these import none of them.
PACKAGES = ("utils", "data", "drawing", "tools/learn", "tools/notebook")
FILES = ("course.py", "pyproject.toml", "LICENSE*", "tools/*.py", "results/*.json")
# What running notebooks read or show of themselves: never their wrong solutions.
NOTEBOOK_FILES = (
    "lessons/{unit}/*.toml",
    "lessons/{name}/lesson.toml",
    "results/figures/{name}/*.svg",
)
REQUIREMENTS = ROOT / "requirements-learn.txt"
SET_UP = f"""\
## Set up

You need Python 3.11, 3.12 or 3.13 and {DISK} of disk. Unpack the zip, and in its folder run

```
python course.py lab
```

The first run makes an environment of its own in `.venv` (a few minutes; {DOWNLOAD} is \
downloaded, which stays in the package cache outside this folder) and opens JupyterLab. Later \
runs open it at once. Where `python` is not found, write `python3`, on Windows `py`. To restore a \
cell that you damaged, unpack the zip once more into another folder, and copy the cell from there.

"""
# The end of a hint, which a release can't keep: it has no solutions.
OFFER = re.compile(
    r" *(?:If you are stuck, (?:use |call |run )?|Stuck\? |Still stuck\? |Or see )?"
    r'`course\.solution\("\w+"\)`[^.\n]*\.'
)
KINDS = """\
**What counts as an answer.** Return the kind that the docstring names: a NumPy array where it \
gives a shape or says array (`np.array` makes one from a list), a list where it says list, a tuple \
where it names several values, as `return a, b` does. A data frame or a series is never an answer, \
a tensor only where the docstring says tensor. NumPy numbers count as Python numbers.

"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py release``."""
    parser = Parser(
        prog="python course.py release",
        description="Write the student version of an assignment to build/release/NAME/ and "
        "build/release/NAME.zip: the notebooks without solutions, hidden tests and outputs, the "
        "assignment sheet, and what is needed to run and check them. check --pack and grade know "
        "it by its name.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NN or NN/NN",
        help="units, or notebooks, each an assignment of its own (default: all assignments)",
    )
    text = "make one assignment of this name of all units and notebooks that are listed"
    parser.add_argument("--name", help=text)
    text = "make one assignment of the notebooks of a week of the term"
    parser.add_argument("--week", type=int, metavar="N", help=text)
    parser.add_argument("--short", action="store_true", help="with --week: of the shorter term")
    parser.add_argument(
        "--tests",
        type=Path,
        metavar="DIR",
        help="private hidden tests, DIR/UNIT/NOTEBOOK/TASK.py: they are tried on the course's "
        "solutions; students get no hidden tests",
    )
    options = parser.parse_args(argv)
    wanted = chosen(options.names, options.name, options.week, options.short)
    for each in wanted:
        if faults := list(sheets.faults(each.notebooks)):
            raise Problem("\n  ".join([f"{each.name} is not ready to be released:", *faults]))
    for each in wanted:
        folder = publish(each, BUILD, tests=options.tests)
        if not each.is_unit:
            assignment.remember(each)
        points = sum(notebook.points for notebook in each.notebooks)
        size = folder.with_name(f"{each.name}.zip").stat().st_size / 1e6
        what = "1 notebook" if len(each.notebooks) == 1 else f"{len(each.notebooks)} notebooks"
        print(f"{each.name}: {what}, {points} points", end=", ")
        print(f"in {shown(folder)}/ and {each.name}.zip ({size:.1f} MB)", flush=True)
    return 0


def chosen(names: list[str], name: str | None, week: int | None, short: bool) -> list[Assignment]:
    """Return the assignments that the options of ``release`` mean; Problem if they mean none."""
    if short and week is None:
        raise Problem("--short needs a week: release --week 1 --short")
    if week is not None:
        if names:
            raise Problem("give either notebooks or --week, not both")
        usual, title, own = assignment.of_week(week, short)
        return [assignment.of_chosen(name or usual, title, own)]
    if name is not None:
        if not names:
            raise Problem(f"say what {name} has, such as: release 01/04 03/01 --name {name}")
        return [assignment.of_chosen(name, name, select(names))]
    if not names:
        return list(assignment.every().values())
    return [found for text in names for found in meant_by(text)]


def meant_by(text: str) -> list[Assignment]:
    """Return the assignment that a name or number means; of a notebook, it holds that alone."""
    if found := assignment.get(text):
        return [found]
    own = select([text])
    if len(own) == 1:
        return [assignment.of_chosen(own[0].path.stem[3:], own[0].title, own)]
    taken = {n.id: a.name for a in assignment.every().values() for n in a.notebooks}
    there = "; ".join(f"{n.id} is in {taken[n.id]}" for n in own if n.id in taken)
    raise Problem(
        f"{own[0].unit} can't be released whole, since a notebook belongs to one assignment: "
        f"{there}. Release the others by their numbers and --name, or take those out of "
        f"{shown(NOTEBOOKS / assignment.FILE)}"
    )


# ------------------------------------------------------------------ folder and zip


def publish(chosen: Assignment, build: Path, *, tests: Path | None = None) -> Path:
    """Write an assignment's folder and zip; the old ones stay until the new are complete.

    Returns ``build/release/NAME``; the zip lies beside it.
    """
    name, parent = chosen.name, build / "release"
    target = parent / name
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(build / "release.lock")):
            for stale in parent.glob(f".{name}.*"):  # of a release that was killed
                shutil.rmtree(stale, ignore_errors=True)
            folder = generate.student_version(chosen, build / "nbgrader", tests=tests)
            if tests is not None:
                private.prove(chosen, build / "nbgrader" / "source", tests)
            with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=parent) as scratch:
                new, packed = Path(scratch) / name, Path(scratch) / "zip"
                assemble(chosen, folder, new)
                write_zip(new, packed)
                if target.exists():
                    os.replace(target, Path(scratch) / "old")
                os.replace(new, target)
                os.replace(packed, parent / f"{name}.zip")
    except OSError as error:
        otherwise = "close what uses that folder, make it writable, or set COURSE_BUILD_DIR"
        if not (why := remedy(error, otherwise, also=(errno.EEXIST, errno.ENOTDIR))):
            raise
        raise Problem(f"{name} can't be written to {shown(parent)}/ ({error}); {why}") from None
    return target


def assemble(chosen: Assignment, folder: Path, new: Path) -> None:
    """Fill a new folder with released notebooks and what students need around them."""
    for notebook in chosen.notebooks:  # in the folders of their units, where their links lead
        place = new / "notebooks" / notebook.unit / notebook.path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / notebook.path.name, place)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, new / package, ignore=private.JUNK)
    for name in unused_sets(chosen.notebooks):
        (new / name).unlink()
    patterns = {
        pattern.format(unit=notebook.unit, name=notebook.name)
        for notebook in chosen.notebooks
        for pattern in NOTEBOOK_FILES
    }
    for path in [path for pattern in (*FILES, *sorted(patterns)) for path in ROOT.glob(pattern)]:
        target = new / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(REQUIREMENTS, new / "requirements.txt")
    notebooks = [Notebook(path) for path in sorted(new.glob("notebooks/*/*.ipynb"))]
    for notebook in notebooks:
        for cell in notebook.content.cells:
            if cell.cell_type == "markdown":
                cell.source = OFFER.sub("", cell.source)
        write_notebook(notebook.path, notebook.content)
    described = {notebook.name: tasks.describe(notebook.content.cells) for notebook in notebooks}
    record = {"format": 2, "assignment": chosen.name, "notebooks": described}
    write_text(new / RELEASED.relative_to(ROOT), json.dumps(record, indent=1) + "\n")
    write_text(new / "docs" / "glossary.md", glossary.page(notebooks))
    write_text(new / "README.md", sheet(chosen))


def unused_sets(notebooks: Iterable[Notebook]) -> list[str]:
    """Return the packed files of data sets that none of some notebooks loads.

    The sample of a set may be another one, so that is used as well.
    """
    entries = cards.entries()
    used = {name for notebook in notebooks for name in notebook.needs}
    used |= {str(entries[name].sample_from) for name in used}
    files = {name: entry.packed for name, entry in entries.items() if entry.packed}
    return [f"data/{name}/{file}" for name, file in files.items() if name not in used]


def sheet(chosen: Assignment) -> str:
    """Return the README of a release: its sheet, with how to set up and what is an answer."""
    if chosen.is_unit:
        text = (NOTEBOOKS / chosen.name / "README.md").read_text(encoding="utf-8")
        text = re.sub(r"\]\((\d\d_\w+\.ipynb)", rf"](notebooks/{chosen.name}/\1", text)
        text = marked.without(text, sheets.PARTS)
    else:
        text = sheets.of_chosen(chosen.name, chosen.title, chosen.notebooks)
    text = re.sub(r"\[([^\]]*)\]\(\.\.[^)]*\)", r"\1", text)  # a page that students do not have
    for heading, part in {"## Before you start": SET_UP, "## What to hand in": KINDS}.items():
        text = text.replace(heading, part + heading, 1)
    return text


def write_zip(folder: Path, target: Path) -> None:
    """Pack a folder so that the same files make the same bytes all day, wherever it is done."""
    today = date.today().timetuple()[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, today)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, path.read_bytes())
