"""``course.py release``: what students are given of a unit, made by nbgrader.

nbgrader takes ``notebooks/`` as its source folder, takes solutions and hidden tests out and locks
the tests. Around the result goes what a student needs and no more: the assignment sheet, the
glossary, the entry, ``utils``, the tools for lab, run, check and data, and the data cards. It is
written to ``build/release/<unit>/`` and ``build/release/<unit>.zip``.
"""

from __future__ import annotations

import ast
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from tools.commands import FOR_STUDENTS, INSTALLED_BY_STUDENTS, RELEASED, module_of
from tools.learn import work
from tools.notebook import tasks
from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    END,
    END_HIDDEN,
    grading,
    is_graded,
    is_solution,
    is_test,
    points,
    task_of,
    test_of,
)
from tools.notebook.common import (
    BUILD,
    NOTEBOOKS,
    ROOT,
    UNITS,
    UTF_8,
    Notebook,
    Parser,
    Problem,
    all_notebooks,
    shown,
    write_notebook,
)
from tools.publish import glossary
from tools.write.structure import is_assertion, unstable
from utils._files import write_text

TOP = ("course.py", "pyproject.toml")
REQUIREMENTS = ROOT / "requirements-learn.txt"
JUNK = shutil.ignore_patterns(
    "__pycache__", "*.pyc", ".*", "*~", "*.orig", "*.partial", "test_*.py", "release.json"
)
CONFIG = {
    "ClearSolutions": work.STUBS,
    # nbgrader's autograde waits 30 s for a cell and 4 s for its output: too few on a busy machine.
    "ExecutePreprocessor": {"timeout": 300, "iopub_timeout": 60},
}
LEAK_LINES, LEAK_WORDS = 3, 60  # as much of a solution, or of an answer's line, is no chance
FILLER = re.compile(r"#.*|[()\[\]{},:]*|\w+=[\w.-]+,?")  # brackets, an argument such as strict=True
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
        fits = [u for u in UNITS if wanted in (u, u[:2])]
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

    Returns
    -------
    Path
        ``build/release/<unit>``; the zip lies beside it.
    """
    parent = build / "release"
    target = parent / unit
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(build / "release.lock")):
            for stale in parent.glob(f".{unit}.*"):  # of a release that was killed
                shutil.rmtree(stale, ignore_errors=True)
            folder = release(unit, build / "nbgrader", tests=tests)
            if tests is not None:
                prove(unit, build / "nbgrader" / "source", tests)
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
        ignore=lambda path, names: JUNK(path, names) | sheets(path, names),
        copy_function=shutil.copyfile,
    )
    for package in ("utils", "data"):
        shutil.copytree(ROOT / package, new / package, ignore=JUNK, copy_function=shutil.copyfile)
    copies = [Path(name) for name in TOP]
    copies += [Path(path.name) for path in sorted(ROOT.glob("LICENSE*"))]
    copies += [Path("tools") / name for name in sorted(needed_tools())]
    copies += [path.relative_to(ROOT) for path in sorted((ROOT / "results").glob("*.json"))]
    copies += linked(unit)
    for other in (new / "data" / "checkpoints").glob("*"):
        if other.name != unit:  # the weights of other units
            shutil.rmtree(other)
    for name in copies:
        (new / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copyfile(ROOT / name, new / name)
    shutil.copyfile(REQUIREMENTS, new / "requirements.txt")
    notebooks = [Notebook(path) for path in sorted(place.glob("*.ipynb"))]
    record = {
        "format": 1,
        "unit": unit,
        "notebooks": {n.name: tasks.describe(n) for n in notebooks},
    }
    write_text(new / RELEASED.relative_to(ROOT), json.dumps(record, indent=1) + "\n")
    write_text(new / "docs" / "glossary.md", glossary.page(notebooks))
    write_text(new / "README.md", sheet(unit, notebooks, new))


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


# ------------------------------------------------------------------ nbgrader


def release(
    unit: str, course: Path, source: Path = NOTEBOOKS, *, tests: Path | None = None
) -> Path:
    """Generate a unit's student version in an nbgrader course folder; return where it stands.

    With ``tests``, the source is a copy in ``course/source`` that holds private hidden tests.

    Raises
    ------
    Problem
        If nbgrader fails, or leaves a solution or a hidden test behind.
    """
    course.mkdir(parents=True, exist_ok=True)
    if tests is not None:
        source = private_source(unit, course / "source", source, tests)
    write_text(course / "config" / "nbgrader_config.json", json.dumps(CONFIG) + "\n")
    place = f"--CourseDirectory.source_directory={source}"
    nbgrader(course, "generate_assignment", unit, "--force", "--create", place)
    folder = course / "release" / unit
    shutil.rmtree(folder / ".ipynb_checkpoints", ignore_errors=True)
    originals = [Notebook(path) for path in sorted((source / unit).glob("*.ipynb"))]
    for path in sorted(folder.glob("*.ipynb")):
        if left := next(leaks(originals, Notebook(path)), None):
            shutil.rmtree(folder)
            raise Problem(f"{path.name}: {left}; nothing is released", exit_code=1)
    return folder


def leaks(originals: list[Notebook], student: Notebook) -> Iterator[str]:
    """Yield what a released notebook still holds of a unit's solutions, tests and answers."""
    cells = student.content.cells
    text = "\n".join(c.source for c in cells)
    for mark in (BEGIN, BEGIN_HIDDEN):
        if mark in text:
            yield f"it still holds '{mark}'"
    for cell in cells:
        if cell.get("outputs"):
            yield f"cell {cell.get('id')} still has outputs"
    held = {block: c.get("id") for c in cells for block in blocks(c.source)}
    lines = {line.strip() for c in cells for line in c.source.splitlines()}
    for original in originals:
        for name, kind, secret in secrets(original):
            if kind == "model answer":
                if any(len(s) >= LEAK_WORDS and s.strip() in lines for s in secret.splitlines()):
                    yield f"a line of the model answer of '{name}' stands in it"
            elif both := blocks(secret) & held.keys():
                spot = held[next(iter(both))]
                yield f"{LEAK_LINES} lines of the {kind} of '{name}' stand in its cell {spot}"


def secrets(notebook: Notebook) -> Iterator[tuple[str, str, str]]:
    """Yield what no student may see: the cell's name, what it is, and its text."""
    for cell in notebook.content.cells:
        name = grading(cell).get("grade_id", "")
        if is_solution(cell):
            yield name, "solution", between(cell.source, BEGIN, END)
        elif is_test(cell):
            yield name, "hidden tests", between(cell.source, BEGIN_HIDDEN, END_HIDDEN)
        elif grading(cell).get("solution"):
            yield name, "model answer", cell.source


def between(text: str, begin: str, end: str) -> str:
    """Return what stands between two marks."""
    found = re.findall(rf"{re.escape(begin)}[^\n]*\n(.*?){re.escape(end)}", text, flags=re.S)
    return "\n".join(found)


def blocks(text: str) -> set[tuple[str, ...]]:
    """Return every few lines that follow one another, however they are indented.

    Comments do not count, nor what the formatter puts on lines of its own in call after call.
    """
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if not FILLER.fullmatch(line)]
    return {tuple(lines[i : i + LEAK_LINES]) for i in range(len(lines) - LEAK_LINES + 1)}


def nbgrader(course: Path, *words: str) -> str:
    """Run one nbgrader command in a course folder and return what it printed."""
    environment = os.environ | {  # nbgrader calls its helpers by bare name: they are on the PATH
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", ""),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_CONFIG_DIR": str(course / "config"),
        **UTF_8,
    }
    command = [
        *(sys.executable, "-m", "nbgrader", *words),
        f"--CourseDirectory.root={course}",
        f"--CourseDirectory.db_url=sqlite:///{course / 'gradebook.db'}",
        "--CourseDirectory.course_id=deep-vision-course",
    ]
    done = subprocess.run(
        command,
        cwd=course,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    text = done.stdout + done.stderr
    if done.returncode:
        errors = re.findall(r"^.*(?:ERROR|Error).*$", text, flags=re.M)[-3:]
        raise Problem(f"nbgrader {words[0]} failed: {' '.join(errors) or text[-500:]}", exit_code=1)
    return text


# ------------------------------------------------------------------ private hidden tests


def private_copy(notebook: Notebook, tests: Path | None) -> Any:
    """Return a notebook of the course with an instructor's hidden tests in place of its own.

    Parameters
    ----------
    notebook : Notebook
        One of the course; its file stays as it is.
    tests : Path or None
        Folder with ``<unit>/<notebook>/<task>.py``. Tasks without a file keep their tests, and
        without a folder all do.

    Raises
    ------
    Problem
        If a file names no task, can't be read, or holds tests that can't be run and trusted.
    """
    content = copy.deepcopy(notebook.content)
    cells = {grading(c)["grade_id"]: c for c in content.cells if is_test(c)}
    known = [task_of(name) for name in cells]
    for path in private_files(tests, notebook):
        if path.suffix != ".py" or path.stem not in known:
            raise Problem(
                f"{path} names no task of {notebook.name}; write TASK.py with one of "
                f"{', '.join(known) or 'none'}"
            )
        cell = cells[test_of(path.stem)]
        cell.source = tasks.replace_hidden(cell.source, private_test(path))
    return content


def private_files(tests: Path | None, notebook: Notebook) -> list[Path]:
    """Return the files of private tests for a notebook."""
    if tests is None:
        return []
    if not tests.is_dir():
        raise Problem(f"there is no folder {tests} with private tests")
    folder = tests / notebook.name
    if not folder.is_dir():
        return []
    return [p for p in sorted(folder.iterdir()) if not p.name.startswith((".", "__pycache__"))]


def private_test(path: Path) -> str:
    """Read one file of private tests and hold it to the rules of the course's own."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        compile(tree, str(path), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} can't be read: {error}; save it as UTF-8 text") from None
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{path} is not valid Python: {error}") from None
    if mark := next((m for m in (BEGIN, END, BEGIN_HIDDEN, END_HIDDEN) if m in text), None):
        raise Problem(f"{path} holds the mark '{mark}'; take it out, release writes the marks")
    if "assert" not in text:
        raise Problem(f"{path} asserts nothing; every answer would pass it")
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not is_assertion(last.value):
        raise Problem(f"{path}: its last line is a value, which nbgrader takes for points")
    for node in ast.walk(tree):
        if reason := unstable(node):
            raise Problem(f"{path}, line {getattr(node, 'lineno', '?')}: {reason}")
    return text


def private_source(unit: str, target: Path, source: Path, tests: Path) -> Path:
    """Copy a unit to another source folder, with private tests put in; return that folder."""
    if not tests.is_dir():
        raise Problem(f"there is no folder {tests} with private tests")
    notebooks = [Notebook(path) for path in sorted((source / unit).glob("*.ipynb"))]
    known = {n.path.stem for n in notebooks}
    units = UNITS if source == NOTEBOOKS else [p.name for p in source.iterdir() if p.is_dir()]
    for place, names in ((tests, set(units)), (tests / unit, known)):
        folders = [p for p in place.iterdir() if p.is_dir()] if place.is_dir() else []
        for path in sorted(folders):
            if path.name not in names and not path.name.startswith((".", "__pycache__")):
                raise Problem(f"{path} names none of {', '.join(sorted(names))}")
    if loose := sorted((tests / unit).glob("*.py")):
        raise Problem(f"{loose[0]} belongs into a folder named like its notebook")
    contents = {n.path.name: private_copy(n, tests) for n in notebooks}
    shutil.rmtree(target / unit, ignore_errors=True)
    shutil.copytree(source / unit, target / unit, ignore=JUNK)
    for name, content in contents.items():
        write_notebook(target / unit / name, content)
    return target


def prove(unit: str, source: Path, tests: Path | None, what: str = "released") -> None:
    """Run the self-test with other tests than the course's: a wrong one costs every student points.

    What the course's own tests prove is left out; without ``tests``, all of the unit is proved.
    """
    notebooks = [Notebook(path) for path in sorted((source / unit).glob("*.ipynb"))]
    only = None
    if tests is not None:
        only = {n.name: [path.stem for path in private_files(tests, n)] for n in notebooks}
        notebooks = [n for n in notebooks if only[n.name]]
    findings = tasks.self_test_all(notebooks, least_wrong=0, only=only)
    if wrong := [f"{name}: {f}" for name, found in findings.items() for f in found]:
        raise Problem(
            f"with {'the private tests' if tests else 'these notebooks'} the self-test fails; "
            f"nothing is {what}:\n  " + "\n  ".join(wrong),
            exit_code=1,
        )


# ------------------------------------------------------------------ the assignment sheet


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


def sheet(unit: str, notebooks: list[Notebook], folder: Path) -> str:
    """Return the assignment sheet: the unit's own text, around what the notebooks say.

    Parameters
    ----------
    unit : str
        The unit's name.
    notebooks : list of Notebook
        Its released notebooks.
    folder : Path
        The release's folder: links stay where they lead to a file in it.
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
    parts += ["## What to do", *prose[:1], task_table(notebooks, rows), HIDDEN, *prose[1:]]
    parts.append(HAND_IN.format(first=notebooks[0].id, number=unit[:2], unit=unit))
    parts += [f"## {title}\n\n{body}" for title, body in sections.items()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def split(text: str) -> tuple[str, dict[str, str]]:
    """Return what stands before the first section, and the sections by their titles."""
    opening, *pieces = re.split(r"^## ", text, flags=re.M)
    parted = (piece.partition("\n") for piece in pieces)
    return opening.strip(), {title.strip(): body.strip() for title, _, body in parted}


def relink(text: str, unit: str, folder: Path) -> str:
    """Let a unit's links lead to files of its release; where there is none, keep the words."""

    def link(match: re.Match[str]) -> str:
        picture, words, address = match.groups()
        if re.match(r"[a-z]+:|#", address):
            return match[0]
        file, mark, anchor = address.partition("#")
        for name in (file, f"{file}.ipynb"):
            path = (folder / "notebooks" / unit / name).resolve()
            if path.is_file() and path.is_relative_to(folder.resolve()):
                inside = path.relative_to(folder.resolve()).as_posix()
                return f"{picture}[{words}]({inside}{mark}{anchor})"
        return "" if picture else words

    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", link, text)


def task_table(notebooks: list[Notebook], rows: list[str]) -> str:
    """Return the table of tasks: points from the notebooks, words from the unit's own table."""
    lines = ["| Notebook | Task | Points |", "|---|---|---|"]
    for notebook in notebooks:
        for cell in notebook.content.cells:
            if is_graded(cell):
                words = said(notebook, cell, rows)
                lines.append(f"| {notebook.id} | {words} | {points(cell)} |")
    total = sum(n.points for n in notebooks)
    return "\n".join([*lines, f"| | **in all** | **{total}** |"])


def said(notebook: Notebook, cell: Any, rows: list[str]) -> str:
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
