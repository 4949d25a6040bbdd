"""The lessons of the course: what the folders of ``lessons/`` say of them.

A lesson is a notebook and a folder of the same name, in which nothing is Python: ``lesson.toml``
(hours, week, picture, terms, and the numbers of the source report if one stands behind it),
``wrong.toml``, ``quiz.toml`` and ``picture.png``. Everything that lists lessons
reads them here.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "lessons"


class LessonError(ValueError):
    """A file of a lesson cannot be read; the message is one line that names it."""


def names() -> list[str]:
    """Return ``unit/name`` of every lesson, in order, but for those that are left out."""
    return [name for name in _every() if not is_left_out(name)]


def units() -> list[str]:
    """Return the folders of the units, in order, but for those that are left out."""
    every = (path.parent.name for path in FOLDER.glob("[0-9][0-9]_*/unit.toml"))
    return sorted(unit for unit in every if not is_left_out(unit))


def left_out() -> list[str]:
    """Return the numbers of units and notebooks that course.toml leaves out, such as 04 or 06/08.

    Raises LessonError if it holds something else.
    """
    numbers = _read(FOLDER / "course.toml").get("leave_out", [])
    if not isinstance(numbers, list):
        numbers = [numbers]
    for number in numbers:
        if not re.fullmatch(r"\d\d(/\d\d)?", str(number)):
            raise LessonError(
                f"lessons/course.toml: leave_out has {number!r}; write the number of a unit or a "
                'notebook, such as leave_out = ["04", "06/08"]'
            )
    return numbers


def is_left_out(name: str) -> bool:
    """Return whether course.toml leaves out a notebook, ``unit/name``, or a unit."""
    unit, _, page = name.partition("/")
    return bool({unit[:2], f"{unit[:2]}/{page[:2]}"} & set(left_out()))


def folder(name: str) -> Path:
    """Return the folder of a lesson, ``unit/name``, whether it is there or not."""
    return FOLDER / name


def lesson(name: str) -> dict[str, Any]:
    """Return what ``lesson.toml`` says; nothing for a notebook without one, such as a draft."""
    return _read(FOLDER / name / "lesson.toml")


def unit(name: str) -> dict[str, Any]:
    """Return what a unit's ``unit.toml`` says; nothing where there is none."""
    return _read(FOLDER / name / "unit.toml")


def title(name: str) -> str:
    """Return the title of a unit; of one that has none, its folder's name."""
    return unit(name).get("title") or name[3:].replace("_", " ")


def heading(name: str) -> str:
    """Return a unit's number and title, as a heading of a page or a row of a table."""
    return f"{name[:2]} {title(name)[:1].upper()}{title(name)[1:]}"


def weeks() -> list[dict[str, str]]:
    """Return ``title`` and ``text`` of the weeks of a term."""
    return _read(FOLDER / "course.toml").get("week", [])


def short_weeks() -> list[dict[str, Any]]:
    """Return ``title`` of the weeks of a shorter term, and the numbers of their ``lessons``."""
    return _read(FOLDER / "course.toml").get("short_week", [])


def reported(name: str) -> dict[str, Any]:
    """Return what a source report prints of a lesson's task, and the lesson's goals.

    That is ``report``, ``section``, ``figures``, ``metrics`` and ``printed``; nothing where no
    report stands behind the lesson. CONTRIBUTING.md explains the fields of a number.
    """
    source = lesson(name).get("report")
    return {"report": unit(name.partition("/")[0]).get("report", ""), **source} if source else {}


def terms() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the terms of the glossary: the lesson that explains each, and its entry.

    Other lessons use the terms of one that is left out, so that they stay.
    """
    for name in _every():
        for term in lesson(name).get("term", []):
            yield name, term


def _every() -> list[str]:
    paths = FOLDER.glob("[0-9][0-9]_*/[0-9][0-9]_*/lesson.toml")
    return sorted(f"{path.parent.parent.name}/{path.parent.name}" for path in paths)


def _read(path: Path) -> dict[str, Any]:
    """Return what a TOML file says, read once until it changes; nothing where there is none."""
    if not path.is_file():
        return {}
    state = path.stat()
    return _parsed(path, state.st_mtime_ns, state.st_size)


@cache
def _parsed(path: Path, changed: int, size: int) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # it is no TOML, or not in UTF-8
        raise LessonError(f"{path.relative_to(FOLDER.parent)} can't be read: {error}") from None
