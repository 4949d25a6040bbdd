"""What decides the outcome of a notebook: the code that it imports and the data that it names.

``run`` skips a notebook none of whose sources changed, and ``report --accept`` takes only results
whose sources are as the commit has them that they were measured with.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from data.core import cards
from tools.notebook.common import ROOT, Notebook, shown
from utils import trained


def sources(notebook: Notebook) -> list[Path]:
    """Return the files of the repository that decide what a notebook computes.

    They are the notebook, the modules that its code cells import, inside functions too, and what
    those import in turn. Data sets and networks are imported by name as a notebook runs: of them
    the folders count that hold the cards which its metadata names. Raises UnknownDataset if the
    metadata names a set or a network that has no card.
    """
    waiting = [file for cell in code(notebook.raw) for file in imported(cell, "")]
    for name in notebook.needs:
        waiting += folder_files(cards.get(name).folder)
    waiting += [path for path in trained.folder_of(notebook.name).glob("*") if path.is_file()]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found and path.suffix == ".py":
            package = ".".join(path.parent.relative_to(ROOT).parts)
            waiting += imported(path.read_text(encoding="utf-8"), package)
        found.add(path)
    return [notebook.path, *sorted(found)]


def code(raw: dict[str, Any]) -> list[str]:
    """Return the code cells of a notebook that was read as JSON."""
    return ["".join(cell["source"]) for cell in raw["cells"] if cell["cell_type"] == "code"]


def folder_files(folder: Path) -> list[Path]:
    """Return what belongs to a set or a network: its folder without tests, and its packages."""
    files = [path for path in folder.glob("*") if path.is_file() and path.name[0] != "."]
    package = ".".join(folder.relative_to(ROOT).parts)
    return [path for path in files if not path.match("test_*.py")] + modules(package)


def imported(source: str, package: str) -> list[Path]:
    """Return the files of the repository that the imports of some code run, not what those import.

    What is no valid Python imports nothing. ``package`` says where the code stands, for relative
    imports; it is empty for a notebook.
    """
    return [file for name in names(source, package) for file in modules(name)]


@cache
def names(source: str, package: str) -> tuple[str, ...]:
    """Return the dotted names that the import statements of some code may mean."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (package or not node.level):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return tuple(found)


def modules(name: str) -> list[Path]:
    """Return the files of the repository that the import of a dotted name runs."""
    parts, found = name.split("."), []
    for n in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:n])
        files = [f for f in (place / "__init__.py", place.with_suffix(".py")) if f.is_file()]
        if not files:  # another's package, or a name that the module before it defines
            break
        found += files
    return found


# ------------------------------------------------------------------ and what commits have of it


def git(*words: str) -> str | None:
    """Return what a git command prints; None without git, outside a checkout, or if it fails."""
    program = shutil.which("git")
    if program is None:
        return None
    done = subprocess.run(
        [program, *words],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout if done.returncode == 0 else None


def head() -> str:
    """Return the commit that is checked out, in twelve digits; empty where none is known."""
    return (git("rev-parse", "--short=12", "HEAD") or "").strip()


OF_KEPT_WEIGHTS = {f"utils/{name}.py" for name in ("_fingerprint", "_key", "trained")}


def changed_since(notebook: Notebook, commit: str) -> list[str]:
    """Return the sources of a notebook that do other things than as a commit has them.

    Comments and form make no difference, nor do a notebook's text and outputs, which
    ``run --update`` writes, nor does how kept weights are timed and known again.
    """
    found = sorted({*map(shown, sources(notebook))} - OF_KEPT_WEIGHTS)
    told = git("diff", "--name-only", "--relative", "-z", commit, "--", *found)
    new = git("ls-files", "--others", "-z", "--", *found)
    if told is None or new is None:  # no such commit, or files outside of the checkout
        return found
    differ = [name for name in sorted(set(f"{told}{new}".split("\0"))) if name]
    return [name for name in differ if meaning(name, commit) != meaning(name)]


def meaning(name: str, commit: str = "") -> list[str] | None:
    """Return what a file does, as it is or as a commit has it; None where there is none.

    That is the syntax of its code, and the text of what is no valid Python.
    """
    if not name.endswith((".py", ".ipynb")):
        return [commit]  # git has said that it differs
    text = git("show", f"{commit}:./{name}") if commit else here(ROOT / name)
    if text is None:
        return None
    pieces = code(json.loads(text)) if name.endswith(".ipynb") else [text]
    return [syntax(piece) for piece in pieces]


def here(path: Path) -> str | None:
    """Return the text of a file; None where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else None


def syntax(source: str) -> str:
    """Return code without comments and form; what is no valid Python as it is."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return source


def reaches(commit: str) -> bool:
    """Say whether what is checked out was made on a commit, or is that commit."""
    return git("merge-base", "--is-ancestor", commit, "HEAD") is not None
