"""``course.py release``: what students are given of a unit, made by nbgrader.

nbgrader takes ``notebooks/`` as its source folder, takes solutions and hidden tests out and locks
the tests. Around the result goes what a student needs and no more: the assignment sheet, the
glossary, the entry, ``utils``, the tools for lab, run, check and data, and the data cards. It is
written to ``build/release/<unit>/`` and ``build/release/<unit>.zip``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

from data.core.files import write_text
from tools.commands import INSTALLED_BY_STUDENTS, RELEASED
from tools.notebook import tasks
from tools.notebook.common import BUILD, NOTEBOOKS, ROOT, Notebook, Parser, Problem, select, shown
from tools.publish import glossary
from tools.teach import generate, private, sheet
from utils import lessons

# Rooms above tools.learn, with grading and its sandbox, import these; these import none of them.
PACKAGES = ("utils", "data", "tools/learn", "tools/notebook")
FILES = ("course.py", "pyproject.toml", "LICENSE*", "tools/*.py", "results/*.json")
REQUIREMENTS = ROOT / "requirements-learn.txt"
DATE = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that one state makes one zip


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py release``."""
    parser = Parser(
        prog="python course.py release",
        description="Make what students are given of a unit: the notebooks without solutions, "
        "hidden tests and outputs, the assignment sheet, and what is needed to run and check "
        "them. It is written to build/release/UNIT/ and build/release/UNIT.zip.",
    )
    parser.add_argument(
        "units", nargs="*", metavar="UNIT", help="such as 06 or 06_graph_networks; none means all"
    )
    parser.add_argument(
        "--tests",
        type=Path,
        metavar="DIR",
        help="private hidden tests, DIR/UNIT/NOTEBOOK/TASK.py: they are proved, and replace the "
        "course's own in the gradebook of build/nbgrader/; students get neither",
    )
    options = parser.parse_args(argv)
    for unit in sorted({notebook.path.parent.name for notebook in select(options.units)}):
        folder = publish(unit, BUILD, tests=options.tests)
        notebooks = [Notebook(path) for path in folder.glob("notebooks/*/*.ipynb")]
        points = sum(notebook.points for notebook in notebooks)
        size = folder.with_name(f"{unit}.zip").stat().st_size / 1e6
        print(f"{unit}: {len(notebooks)} notebooks, {points} points", end=", ")
        print(f"in {shown(folder)}/ and {unit}.zip ({size:.1f} MB)", flush=True)
    pins = REQUIREMENTS.read_text(encoding="utf-8").count("==")
    print(f"a student's first call installs {pins} pinned packages, {INSTALLED_BY_STUDENTS}")
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
                swap(new, target, Path(scratch) / "old")
                os.replace(packed, parent / f"{unit}.zip")
    except OSError as error:
        raise Problem(
            f"{unit} can't be written to {shown(parent)}/ ({error}); close what uses that folder, "
            "make it writable, or set COURSE_BUILD_DIR to another one"
        ) from None
    return target


def swap(new: Path, target: Path, old: Path) -> None:
    """Replace an older folder by a complete one; the older one comes back if that fails."""
    if target.exists():
        os.replace(target, old)
    try:
        os.replace(new, target)
    except OSError:
        if old.exists():
            os.replace(old, target)
        raise


def assemble(unit: str, folder: Path, new: Path) -> None:
    """Fill a new folder with a unit's released notebooks and what students need around them."""
    copy_tree(folder, new / "notebooks" / unit)
    (new / "notebooks" / unit / "README.md").unlink(missing_ok=True)  # the solved unit's sheet
    for package in PACKAGES:
        copy_tree(ROOT / package, new / package)
    files = [path for pattern in FILES for path in ROOT.glob(pattern)]
    for path in files + linked_figures(unit) + lesson_files(unit):
        target = new / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(REQUIREMENTS, new / "requirements.txt")
    notebooks = [Notebook(path) for path in sorted(new.glob("notebooks/*/*.ipynb"))]
    described = {notebook.name: tasks.describe(notebook.content.cells) for notebook in notebooks}
    record = {"format": 1, "unit": unit, "notebooks": described}
    write_text(new / RELEASED.relative_to(ROOT), json.dumps(record, indent=1) + "\n")
    write_text(new / "docs" / "glossary.md", glossary.page(notebooks))
    write_text(new / "README.md", sheet.page(unit, notebooks, new))


def copy_tree(folder: Path, target: Path) -> None:
    """Copy a folder without caches, tests and files of editors."""
    shutil.copytree(folder, target, ignore=private.JUNK, copy_function=shutil.copyfile)


def lesson_files(unit: str) -> list[Path]:
    """Return what running notebooks read of a unit's lessons: never their wrong solutions."""
    folder = lessons.folder(unit)
    return [*folder.glob("*.toml"), *folder.glob("*/lesson.toml"), *folder.glob("*/weights/*")]


def linked_figures(unit: str) -> list[Path]:
    """Return the figures of full runs that a unit's notebooks show by a relative link."""
    figures = set()
    for path in sorted((NOTEBOOKS / unit).glob("*.ipynb")):
        texts = (c.source for c in Notebook(path).content.cells if c.cell_type == "markdown")
        for target in re.findall(r"\]\(\.\./\.\./(results/figures/[^)\s]+)\)", "\n".join(texts)):
            if not (ROOT / target).is_file():
                raise Problem(f"{shown(path)} shows {target}, which does not exist")
            figures.add(ROOT / target)
    return sorted(figures)


def write_zip(folder: Path, target: Path) -> None:
    """Pack a folder so that the same files make the same bytes, wherever it is done."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, path.read_bytes())
