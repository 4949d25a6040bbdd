"""What several tools need: where things are, which notebooks are meant, how errors are shown."""

import argparse
import difflib
import errno
import graphlib
import json
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from data.core.files import build_folder, write_text
from tools.notebook.cells import REPRODUCTION, is_graded, points
from utils import lessons

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
# What students and libraries print has letters that the system's own encoding may lack.
UTF_8 = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}
BUILD = build_folder()


class Problem(Exception):
    """Something a person can mend: shown in one line, with a chosen exit code."""

    def __init__(self, text: str, exit_code: int = 2) -> None:
        super().__init__(text)
        self.exit_code = exit_code


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong with an option, and which one is near."""

    def __init__(self, **settings: Any) -> None:
        # A shortened option is one to ask about: `--pr full` may start an hour's work.
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise what ``argparse`` would print below a page of usage."""
        words = message.removeprefix("unrecognized arguments: ")
        if words != message:
            message = self.unknown_option(words.split()[0])
        raise Problem(f"{message} (`{self.prog} --help` lists what there is)")

    def unknown_option(self, word: str) -> str:
        """Return the message on a word that no option takes."""
        if not word.startswith("-"):
            return f"{word!r} is one word too many"
        name = word.partition("=")[0]
        near = difflib.get_close_matches(name, self._option_string_actions, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no option {name}{hint}"


@dataclass(frozen=True)
class Notebook:
    """A notebook of the course: where it is and what it says of itself."""

    path: Path
    copied_from: str = ""  # Its unit, where its folder is another one: a copy in an assignment

    @property
    def unit(self) -> str:
        """The folder of its unit, such as ``06_graph_networks``."""
        return self.copied_from or self.path.parent.name

    @property
    def name(self) -> str:
        """``unit/name`` without the suffix."""
        return f"{self.unit}/{self.path.stem}"

    @property
    def id(self) -> str:
        """The two numbers, such as ``06/01``."""
        return f"{self.unit[:2]}/{self.path.stem[:2]}"

    @property
    def label(self) -> str:
        """The numbers and the name, as narrow tables show it: ``06/01 gat_cora``."""
        return f"{self.id} {self.path.stem[3:]}"

    @cached_property
    def content(self) -> Any:
        """The notebook as nbformat reads it."""
        return read(self.path)

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The file as plain JSON, where nbformat's slow import is not worth its checks."""
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8-sig"))  # Windows's mark in front
            kinds = {"cells": list, "metadata": dict}
            if not isinstance(raw, dict) or any(type(raw.get(k)) is not kinds[k] for k in kinds):
                raise ValueError("it has no list of cells, or no metadata")
            if not all(map(is_cell, raw["cells"])):
                raise ValueError("a cell lacks its kind, its text or its metadata")
        except (OSError, ValueError) as error:
            raise Problem(f"{shown(self.path)} can't be read as a notebook: {error}") from None
        return raw

    @property
    def title(self) -> str:
        """The heading that it opens with; "" where there is no cell."""
        first = "".join(text for cell in self.raw["cells"][:1] for text in cell["source"])
        return first.partition("\n")[0].removeprefix("#").strip()

    @property
    def meta(self) -> dict[str, Any]:
        """The ``course`` block of the metadata."""
        read_before = self.__dict__.get("content")
        return (self.raw if read_before is None else read_before)["metadata"].get("course", {})

    @property
    def lesson(self) -> dict[str, Any]:
        """What the lesson's folder says of it: hours, week, picture; nothing of a draft."""
        return lessons.lesson(self.name)

    @property
    def hours(self) -> float:
        """The hours that it takes a learner; of a draft 0."""
        return self.lesson.get("hours", 0)

    @property
    def week(self) -> int:
        """The week of the term; Problem where the term has none of this number, or of a draft."""
        week, last = self.lesson.get("week"), len(lessons.weeks())
        if not isinstance(week, int) or not 1 <= week <= last:
            file = f"lessons/{self.name}/lesson.toml"
            raise Problem(f"{file}: the week is {week}; the weeks of course.toml are 1 to {last}")
        return week

    @property
    def prerequisites(self) -> list[str]:
        """The numbers of the notebooks that it builds on."""
        return self.meta.get("prerequisites", [])

    @property
    def follows(self) -> list[str]:
        """The numbers of the notebooks that come before it in a term, in order.

        ``after`` in a lesson.toml names some of which nothing is taken for granted.
        """
        return sorted({*self.prerequisites, *self.lesson.get("after", [])})

    @property
    def needs(self) -> list[str]:
        """The cards of the data sets and networks that the notebook uses, as its metadata says."""
        return [*self.meta.get("datasets", []), *self.meta.get("networks", [])]

    @property
    def has_line(self) -> bool:
        """Whether a reproduction of the source stands below a line, where a lesson ends."""
        tagged = (cell["metadata"].get("tags", []) for cell in self.raw.get("cells", []))
        return any(REPRODUCTION in tags for tags in tagged)

    @property
    def has_lesson(self) -> bool:
        """Whether its settings have a profile for students; else ``quick`` is theirs, too."""
        return "lesson=" in self.code

    @property
    def code(self) -> str:
        """The text of all code cells."""
        cells = [cell for cell in self.raw.get("cells", []) if cell["cell_type"] == "code"]
        return "\n".join("".join(cell["source"]) for cell in cells)

    @property
    def points(self) -> int:
        """Points of all graded cells."""
        return sum(points(cell) for cell in self.content.cells if is_graded(cell))


def is_cell(cell: Any) -> bool:
    """Say whether a part of a notebook's file has what every cell has."""
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata"), dict):
        return False
    lines = cell.get("source")
    is_text = isinstance(lines, list | str) and all(isinstance(line, str) for line in lines)
    return is_text and isinstance(cell.get("cell_type"), str)


def read(path: Path) -> Any:
    """Read a notebook.

    Raises Problem if the file is missing or is no notebook.
    """
    import nbformat

    try:
        return nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
    except FileNotFoundError:
        raise Problem(f"there is no file {shown(path)}") from None
    except Exception as error:  # nbformat raises many kinds for what is no notebook
        raise Problem(f"{shown(path)} can't be read as a notebook: {error}") from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds; nothing where it is missing. Problem if it can't be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (ValueError, OSError) as error:
        raise Problem(f"{shown(path)} can't be read: {error}") from None


def all_notebooks(folder: Path | None = None) -> list[Notebook]:
    """Return the notebooks of a folder of units, or of the course, in order.

    Of the course's own, those that lessons/course.toml leaves out are missing.
    """
    paths = (folder or NOTEBOOKS).glob("[0-9][0-9]_*/[0-9][0-9]_*.ipynb")
    every = (Notebook(path) for path in sorted(paths))
    return [n for n in every if folder is not None or not lessons.is_left_out(n.name)]


def in_order(notebooks: list[Notebook]) -> list[Notebook]:
    """Return notebooks by their weeks, each after what it builds on or follows.

    One without a week comes last. Raises graphlib.CycleError, which names the notebooks of a ring.
    """
    here = {n.id for n in notebooks}
    before = {n.id: [i for i in n.follows if i in here] for n in notebooks}
    place = {i: k for k, i in enumerate(graphlib.TopologicalSorter(before).static_order())}
    return sorted(notebooks, key=lambda n: (n.lesson.get("week", 99), place[n.id]))


def select(names: list[str]) -> list[Notebook]:
    """Return the notebooks that names of units, notebooks, numbers or paths mean; all without any.

    Raises Problem if a name fits no notebook, or there is no notebook at all.
    """
    every = all_notebooks()
    if not every:
        raise Problem(f"there is no notebook under {NOTEBOOKS.relative_to(ROOT)}/")
    if not names:
        return every
    chosen: dict[Path, Notebook] = {}
    for name in names:
        wanted = re.sub(r"^(\./)?(notebooks|work)/|\.ipynb$|/$", "", name.replace(os.sep, "/"))
        wanted = re.sub(r"(^|/)(\d)(?=/|$)", r"\g<1>0\2", wanted)  # 6/1 is 06/01
        path = Path(name).resolve()
        matches = [n for n in every if path == n.path or wanted in _names(n)]
        if not matches:
            raise Problem(no_such(name, wanted, every))
        chosen |= {n.path: n for n in matches}
    return sorted(chosen.values(), key=lambda n: n.path)


def no_such(name: str, wanted: str, every: list[Notebook]) -> str:
    """Return the message on a name that fits no notebook: left out, misspelt, or of none."""
    is_number = re.fullmatch(r"\d\d(_\w+)?(/\d\d(_\w+)?)?", wanted)
    if is_number and lessons.is_left_out(wanted):
        return f"{name!r} is left out of the course by `leave_out` in lessons/course.toml"
    known = {text for notebook in every for text in _names(notebook)}
    near = difflib.get_close_matches(wanted, known, n=1)
    return f"{name!r} is no notebook or unit of this course, which docs/notebooks.md lists: " + (
        f"did you mean {near[0]}?" if near else "write 06/01, 06_graph_networks or a path"
    )


def _names(notebook: Notebook) -> tuple[str, ...]:
    unit = notebook.path.parent.name
    return notebook.name, notebook.id, notebook.path.stem, unit, unit[:2]


def shown(path: Path) -> str:
    """Return a path as a person reads it: from the repository's folder where it lies there."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def remedy(error: OSError, otherwise: str, also: Container[int | None] = ()) -> str:
    """Return what to do about a file that can't be written: make room, or ``otherwise``.

    It is "" for an error of another kind, such as a file that is missing; ``also`` are the numbers
    of further errors that ``otherwise`` helps with.
    """
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return "the disk is full: free some space and call again"
    refused = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    return otherwise if refused or error.errno in also else ""


def cores() -> int:
    """Return how many cores this process may use; a container's are fewer than its machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def find_uv() -> str:
    """Return uv: the one that requirements.txt pins, else the one on the PATH."""
    beside = Path(sys.executable).with_name("uv.exe" if os.name == "nt" else "uv")
    if program := str(beside) if beside.is_file() else shutil.which("uv"):
        return program
    raise Problem("uv is not here, which makes environments; it has no build for some systems")


def write_notebook(path: Path, content: Any) -> None:
    """Write a notebook in the one form that is committed (sorted keys, one space)."""
    import nbformat

    write_text(path, nbformat.writes(content) + "\n")
