"""``course.py release``: what students are given of a unit, made by nbgrader.

nbgrader takes ``notebooks/`` as its source folder, takes solutions and hidden tests out and locks
the tests. Around the result goes what a student needs and no more: the assignment sheet, the
glossary, the entry, ``utils``, ``data``, ``drawing``, the tools for lab, run, check and data. It is
written to ``build/release/<unit>/`` and ``build/release/<unit>.zip``.
"""

import errno
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

from filelock import FileLock

from data.core import cards
from data.core.files import write_text
from tools.commands import DISK, DOWNLOAD, RELEASED
from tools.notebook import tasks
from tools.notebook.common import (
    BUILD,
    NOTEBOOKS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    all_notebooks,
    remedy,
    select,
    shown,
    write_notebook,
)
from tools.publish import glossary
from tools.teach import generate, private
from tools.write import sheets

# Rooms above tools.learn, with grading and its sandbox, import these; these import none of them.
PACKAGES = ("utils", "data", "drawing", "tools/learn", "tools/notebook")
FILES = ("course.py", "pyproject.toml", "LICENSE*", "tools/*.py", "results/*.json")
# What running notebooks read or show of a unit: never their wrong solutions.
UNIT_FILES = (
    "lessons/{unit}/*.toml",
    "lessons/{unit}/*/lesson.toml",
    "results/figures/{unit}/*/*.svg",
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
        description="Write the student version of a unit to build/release/UNIT/ and "
        "build/release/UNIT.zip: the notebooks without solutions, hidden tests and outputs, the "
        "assignment sheet, and what is needed to run and check them.",
    )
    parser.add_argument(
        "units", nargs="*", metavar="UNIT", help="such as 06 or 06_graph_networks (default: all)"
    )
    parser.add_argument(
        "--tests",
        type=Path,
        metavar="DIR",
        help="private hidden tests, DIR/UNIT/NOTEBOOK/TASK.py: they are tried on the course's "
        "solutions; students get no hidden tests",
    )
    options = parser.parse_args(argv)
    units = sorted({notebook.path.parent.name for notebook in select(options.units)})
    for unit in units:
        if faults := list(sheets.faults(unit)):
            raise Problem("\n  ".join([f"{unit} is not ready to be released:", *faults]))
    sizes = Counter(notebook.path.parent.name for notebook in all_notebooks())
    for name in options.units:
        chosen = select([name])
        if len(chosen) < (number := sizes[unit := chosen[0].path.parent.name]):
            print(f"{name}: a release is a whole unit; all {number} notebooks of {unit} are in it")
    for unit in units:
        folder = publish(unit, BUILD, tests=options.tests)
        notebooks = [Notebook(path) for path in folder.glob("notebooks/*/*.ipynb")]
        points = sum(notebook.points for notebook in notebooks)
        size = folder.with_name(f"{unit}.zip").stat().st_size / 1e6
        what = "1 notebook" if len(notebooks) == 1 else f"{len(notebooks)} notebooks"
        print(f"{unit}: {what}, {points} points", end=", ")
        print(f"in {shown(folder)}/ and {unit}.zip ({size:.1f} MB)", flush=True)
    return 0


# ------------------------------------------------------------------ folder and zip


def publish(unit: str, build: Path, *, tests: Path | None = None) -> Path:
    """Write a unit's folder and zip for students; the old ones stay until the new are complete.

    Returns ``build/release/<unit>``; the zip lies beside it.
    """
    parent = build / "release"
    target = parent / unit
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(build / "release.lock")):
            for stale in parent.glob(f".{unit}.*"):  # of a release that was killed
                shutil.rmtree(stale, ignore_errors=True)
            folder = generate.student_version(unit, build / "nbgrader", tests=tests)
            if tests is not None:
                private.prove(unit, build / "nbgrader" / "source", tests)
            with tempfile.TemporaryDirectory(prefix=f".{unit}.", dir=parent) as scratch:
                new, packed = Path(scratch) / unit, Path(scratch) / "zip"
                assemble(unit, folder, new)
                write_zip(new, packed)
                if target.exists():
                    os.replace(target, Path(scratch) / "old")
                os.replace(new, target)
                os.replace(packed, parent / f"{unit}.zip")
    except OSError as error:
        otherwise = "close what uses that folder, make it writable, or set COURSE_BUILD_DIR"
        if not (why := remedy(error, otherwise, also=(errno.EEXIST, errno.ENOTDIR))):
            raise
        raise Problem(f"{unit} can't be written to {shown(parent)}/ ({error}); {why}") from None
    return target


def assemble(unit: str, folder: Path, new: Path) -> None:
    """Fill a new folder with a unit's released notebooks and what students need around them."""
    shutil.copytree(folder, new / "notebooks" / unit, ignore=private.JUNK)
    (new / "notebooks" / unit / "README.md").unlink(missing_ok=True)  # the solved unit's sheet
    for package in PACKAGES:
        shutil.copytree(ROOT / package, new / package, ignore=private.JUNK)
    for name in unused_sets(unit):
        (new / name).unlink()
    patterns = [*FILES, *(pattern.format(unit=unit) for pattern in UNIT_FILES)]
    for path in [path for pattern in patterns for path in ROOT.glob(pattern)]:
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
    record = {"format": 1, "unit": unit, "notebooks": described}
    write_text(new / RELEASED.relative_to(ROOT), json.dumps(record, indent=1) + "\n")
    write_text(new / "docs" / "glossary.md", glossary.page(notebooks))
    write_text(new / "README.md", sheet(unit))


def unused_sets(unit: str) -> list[str]:
    """Return the packed files of data sets that no notebook of a unit loads.

    The sample of a set may be another one, so that is used as well.
    """
    entries = cards.entries()
    own = [notebook for notebook in all_notebooks() if notebook.path.parent.name == unit]
    used = {name for notebook in own for name in notebook.needs}
    used |= {str(entries[name].sample_from) for name in used}
    files = {name: entry.packed for name, entry in entries.items() if entry.packed}
    return [f"data/{name}/{file}" for name, file in files.items() if name not in used]


def sheet(unit: str) -> str:
    """Return the README of a release: its unit's, with how to set up and what is an answer."""
    text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"\]\((\d\d_\w+\.ipynb)", rf"](notebooks/{unit}/\1", text)
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
