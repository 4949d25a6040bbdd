"""``course.py release``: what students are given of a unit, made by nbgrader.

nbgrader takes ``notebooks/`` as its source folder, takes solutions and hidden tests out and locks
the tests. Around the result goes what a student needs and no more: the assignment sheet, the
glossary, the entry, ``utils``, the tools for lab, run, check and data, and the data cards. It is
written to ``build/release/<unit>/`` and ``build/release/<unit>.zip``.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

from data.core.files import write_text
from tools.commands import FOR_STUDENTS, INSTALLED_BY_STUDENTS, RELEASED, module_of
from tools.notebook import tasks
from tools.notebook.common import (
    BUILD,
    NOTEBOOKS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    all_notebooks,
    shown,
)
from tools.publish import glossary
from tools.teach import generate, private, sheet
from utils import lessons

TOP = ("course.py", "pyproject.toml")
REQUIREMENTS = ROOT / "requirements-learn.txt"
DATE = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that one state makes one zip


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py release``."""
    p = Parser(
        prog="python course.py release",
        description="Make what students are given of a unit: the notebooks without solutions, "
        "hidden tests and outputs, the assignment sheet, and what is needed to run and check "
        "them. It is written to build/release/UNIT/ and build/release/UNIT.zip.",
    )
    p.add_argument(
        "units", nargs="*", metavar="UNIT", help="such as 06 or 06_graph_networks; none means all"
    )
    p.add_argument(
        "--tests",
        type=Path,
        metavar="DIR",
        help="private hidden tests, DIR/UNIT/NOTEBOOK/TASK.py: they are proved, and replace the "
        "course's own in the gradebook of build/nbgrader/; students get neither",
    )
    options = p.parse_args(argv)
    for unit in chosen(options.units):
        folder = publish(unit, BUILD, tests=options.tests)
        every = [Notebook(path) for path in sorted(folder.glob("notebooks/*/*.ipynb"))]
        size = folder.with_name(f"{unit}.zip").stat().st_size / 1e6
        print(
            f"{unit}: {len(every)} notebooks, {sum(n.points for n in every)} points, in "
            f"{shown(folder)}/ and {unit}.zip ({size:.1f} MB)",
            flush=True,
        )
    pins = REQUIREMENTS.read_text(encoding="utf-8").count("==")
    print(f"a student's first call installs {pins} pinned packages, {INSTALLED_BY_STUDENTS}")
    return 0


def chosen(names: list[str]) -> list[str]:
    """Return the units that the names mean; none means all that have notebooks."""
    units = sorted({n.path.parent.name for n in all_notebooks()})
    found = set()
    for name in names:
        wanted = re.sub(r"^(\./)?notebooks/", "", name.replace(os.sep, "/")).rstrip("/")
        fits = [u for u in lessons.units() if wanted in (u, u[:2])]
        if not fits:
            raise Problem(f"there is no unit {name!r}; it is one of {', '.join(units)}")
        if fits[0] not in units:
            raise Problem(
                f"unit {fits[0]} has no notebooks yet; those that do are {', '.join(units)}"
            )
        found.add(fits[0])
    if not units:
        raise Problem(f"there is no notebook under {shown(NOTEBOOKS)}/")
    return sorted(found) if names else units


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
    """Put a complete folder in the place of an older one, which comes back if that fails."""
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
    sheets = shutil.ignore_patterns("README.md")
    place = new / "notebooks" / unit
    shutil.copytree(
        folder,
        place,
        ignore=lambda path, names: private.JUNK(path, names) | sheets(path, names),
        copy_function=shutil.copyfile,
    )
    for package in ("utils", "data"):
        shutil.copytree(
            ROOT / package, new / package, ignore=private.JUNK, copy_function=shutil.copyfile
        )
    copies = [Path(name) for name in TOP]
    copies += [Path(path.name) for path in sorted(ROOT.glob("LICENSE*"))]
    copies += [Path("tools") / name for name in sorted(needed_tools())]
    copies += [path.relative_to(ROOT) for path in sorted((ROOT / "results").glob("*.json"))]
    copies += linked(unit)
    copies += lesson_files(unit)
    for name in copies:
        (new / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copyfile(ROOT / name, new / name)
    shutil.copyfile(REQUIREMENTS, new / "requirements.txt")
    notebooks = [Notebook(path) for path in sorted(place.glob("*.ipynb"))]
    record = {
        "format": 1,
        "unit": unit,
        "notebooks": {n.name: tasks.describe(n.content.cells) for n in notebooks},
    }
    write_text(new / RELEASED.relative_to(ROOT), json.dumps(record, indent=1) + "\n")
    write_text(new / "docs" / "glossary.md", glossary.page(notebooks))
    write_text(new / "README.md", sheet.page(unit, notebooks, new))


def lesson_files(unit: str) -> list[Path]:
    """Return what running notebooks read of a unit's lessons: never their wrong solutions."""
    folder = lessons.folder(unit)
    found = [*folder.glob("*.toml"), *folder.glob("*/lesson.toml"), *folder.glob("*/weights/*")]
    return sorted(path.relative_to(ROOT) for path in found)


def linked(unit: str) -> list[Path]:
    """Return the figures of full runs that a unit's notebooks show by a relative link."""
    found = set()
    for path in sorted((NOTEBOOKS / unit).glob("*.ipynb")):
        texts = (c.source for c in Notebook(path).content.cells if c.cell_type == "markdown")
        for target in re.findall(r"\]\(\.\./\.\./(results/figures/[^)\s]+)\)", "\n".join(texts)):
            if not (ROOT / target).is_file():
                raise Problem(f"{shown(path)} shows {target}, which is not there")
            found.add(Path(target))
    return sorted(found)


def needed_tools() -> set[str]:
    """Return the files below ``tools`` that course.py and the students' commands import."""
    files, waiting = (
        set(),
        ["tools.__main__", *(module_of(name) for name in FOR_STUDENTS)],
    )
    while waiting:
        name = waiting.pop()
        path = source_of(name)
        if path is None or path in files:  # a name in a module, or seen before
            continue
        files.add(path)
        waiting.append(name.rpartition(".")[0])  # the package that it lies in
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                waiting += [str(node.module), *(f"{node.module}.{a.name}" for a in node.names)]
    return {path.relative_to(ROOT / "tools").as_posix() for path in files}


def source_of(name: str) -> Path | None:
    """Return the file of a module or package of the tools; None for any other name."""
    base = ROOT / name.replace(".", "/")
    places = (base.with_suffix(".py"), base / "__init__.py")
    ours = name.partition(".")[0] == "tools"
    return next((p for p in places if ours and p.is_file()), None)


def write_zip(folder: Path, target: Path) -> None:
    """Pack a folder so that the same files make the same bytes, wherever it is done."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, path.read_bytes())
