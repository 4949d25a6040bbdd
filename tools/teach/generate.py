"""Students' notebooks by nbgrader, and proof that nothing of a solution is left in them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.core.files import write_text
from tools.learn import work
from tools.notebook.assignment import Assignment
from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    END,
    END_HIDDEN,
    REPRODUCTION,
    grading,
    is_solution,
    is_test,
)
from tools.notebook.common import UTF_8, Notebook, Problem
from tools.notebook.switches import CELL_SECONDS
from tools.teach import private

CONFIG = {
    "ClearSolutions": work.STUBS,
    # What is below the line of a page is for who compares: students are given its lesson.
    "NotebookExporter": {"preprocessors": ["nbconvert.preprocessors.TagRemovePreprocessor"]},
    "TagRemovePreprocessor": {"remove_cell_tags": [REPRODUCTION]},
    # nbgrader's autograde waits 30 s for a cell and 4 s for its output: too few on a busy machine.
    "ExecutePreprocessor": dict.fromkeys(
        ("timeout", "startup_timeout", "iopub_timeout"), CELL_SECONDS
    ),
}
BOOK = "gradebook.db"
# What nbgrader says where it is not at fault, and what to do about it.
WAYS = {
    "No space left on device": "free some space and try again",
    "database or disk is full": "free some space and try again",
    "database is locked": "close the program that has the gradebook open, and try again",
    "Permission denied": "choose a folder that you may write to",
    "readonly database": "choose a folder that you may write to",
}
LEAK_LINES, LEAK_WORDS = 3, 60  # as much of a solution, or of an answer's line, is no chance
# Brackets, an argument such as strict=True, and what every test of an error is written with.
ERRORS = r"(?:try|else|pass|continue|except [\w.]+(?: as \w+)?):?"
FILLER = re.compile(rf"#.*|[()\[\]{{}},:]*|\w+=[\w.-]+,?|{ERRORS}")


def student_version(chosen: Assignment, course: Path, *, tests: Path | None = None) -> Path:
    """Generate an assignment's student version in an nbgrader course folder; return its folder.

    What nbgrader reads is a copy in ``course/source``, with private hidden tests if there are some.
    Raises Problem if nbgrader fails, or leaves a solution or a hidden test behind.
    """
    unit = chosen.name
    course.mkdir(parents=True, exist_ok=True)
    source = private.source_with(chosen, course / "source", tests)
    write_text(course / "config" / "nbgrader_config.json", json.dumps(CONFIG) + "\n")
    source_option = f"--CourseDirectory.source_directory={source}"
    options = ("--force", "--create", source_option)
    with made_whole(course / BOOK) as book:
        nbgrader(course, "generate_assignment", unit, *options, book=book)
    folder = course / "release" / unit
    shutil.rmtree(folder / ".ipynb_checkpoints", ignore_errors=True)
    originals = [Notebook(path) for path in sorted((source / unit).glob("*.ipynb"))]
    for path in sorted(folder.glob("*.ipynb")):
        if left := next(leaks(originals, Notebook(path)), None):
            shutil.rmtree(folder)
            raise Problem(f"{path.name}: {left}; nothing is released", exit_code=1)
    return folder


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path for a new file, which gets its name after the ``with`` block.

    An existing file is written directly: changes of nbgrader's gradebook are transactions.
    """
    if path.is_file():
        yield path
        return
    part = path.with_name(f".{path.name}.part")

    def clear() -> None:  # SQLite's journals as well
        for left in path.parent.glob(f"{part.name}*"):
            left.unlink(missing_ok=True)

    try:
        clear()  # left by a call that was killed
        yield part
        os.replace(part, path)
    finally:
        clear()


def leaks(originals: list[Notebook], student: Notebook) -> Iterator[str]:
    """Yield what a released notebook still contains of a unit's solutions, tests and answers."""
    cells = student.content.cells
    text = "\n".join(c.source for c in cells)
    for marker in (BEGIN, BEGIN_HIDDEN):
        if marker in text:
            yield f"it still contains '{marker}'"
    for cell in cells:
        if cell.get("outputs"):
            yield f"cell {cell.get('id')} still has outputs"
    cell_of = {block: c.get("id") for c in cells for block in blocks(c.source)}
    lines = {line.strip() for c in cells for line in c.source.splitlines()}
    for original in originals:
        for name, kind, secret in secrets(original):
            if kind == "model answer":
                if any(len(s) >= LEAK_WORDS and s.strip() in lines for s in secret.splitlines()):
                    yield f"it contains a line of the model answer of '{name}'"
            elif both := blocks(secret) & cell_of.keys():
                cell_id = cell_of[next(iter(both))]
                yield f"its cell {cell_id} contains {LEAK_LINES} lines of the {kind} of '{name}'"


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
    """Return the text between two markers."""
    parts = re.findall(rf"{re.escape(begin)}[^\n]*\n(.*?){re.escape(end)}", text, flags=re.S)
    return "\n".join(parts)


def blocks(text: str) -> set[tuple[str, ...]]:
    """Return every few lines that follow one another, however they are indented.

    Comments do not count, nor what the formatter puts on lines of its own in call after call, nor
    the words around a call that should raise an error.
    """
    stripped = (line.strip() for line in text.splitlines())
    lines = [line for line in stripped if not FILLER.fullmatch(line)]
    return {tuple(lines[i : i + LEAK_LINES]) for i in range(len(lines) - LEAK_LINES + 1)}


def nbgrader(course: Path, *words: str, book: Path | None = None) -> str:
    """Run one nbgrader command in a course folder and return what it printed.

    ``book`` is its gradebook, if it has not the usual name.
    """
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
        f"--CourseDirectory.db_url=sqlite:///{book or course / BOOK}",
        "--CourseDirectory.course_id=deep-vision-course",
    ]
    done = subprocess.run(
        command, cwd=course, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    text = done.stdout + done.stderr
    if done.returncode:
        errors = re.findall(r"^.*(?:ERROR|Error).*$", text, flags=re.M)[-3:]
        remedy = next((f"; {way}" for sign, way in WAYS.items() if sign in text), "")
        reason = " ".join(errors) or text[-500:]
        raise Problem(f"nbgrader {words[0]} failed: {reason}{remedy}", exit_code=1)
    return text
