"""The two switches of the course, profile (effort) and data source, and the running notebook."""

from __future__ import annotations

import os
import random
import re
import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from utils import lessons, solutions

# Their effort: "quick" executes each cell and proves no more, "lesson" is what students run, and
# "full" measures on real data what the source measured.
PROFILES = ("quick", "lesson", "full")
SOURCES = ("sample", "real")
MACHINES = "Numbers that a training ends with differ a little from one computer to another."

_current: Course | None = None


@dataclass
class Course:
    """What one run of one notebook is made with, and what it has measured so far."""

    notebook: str  # unit and name, such as "06_graph_networks/01_gat_cora"
    profile: str  # "quick", "lesson" or "full": epochs, subset sizes, grids
    data: str  # "sample", what the project makes or ships, or "real", the official files
    seed: int  # of `random`, NumPy and, where it is imported, Keras
    # What `utils.data.load` returned: by the name of the card and by the record's `data` ("sample"
    # or "real") its `source` and `fraction`.
    datasets: dict[str, Any] = field(default_factory=dict, repr=False)
    networks: dict[str, None] = field(default_factory=dict, repr=False)  # pretrained ones, as keys
    recorded: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)  # the numbers
    findings: dict[str, bool] = field(default_factory=dict, repr=False)  # whether each claim holds
    figures: list[str] = field(default_factory=list, repr=False)  # files of `utils.report.figure`
    decides: bool = True  # whether the claims of this run have to hold, see `pick`

    def pick(
        self,
        *,
        quick: dict[str, Any],
        lesson: dict[str, Any] | None = None,
        full: dict[str, Any] | None = None,
    ) -> SimpleNamespace:
        """Return the settings of the running profile as attributes.

        ``full`` may be left out where it is ``lesson``. On a page that has no ``lesson`` yet,
        ``quick`` is what students run as well as CI. The dictionaries must have the same keys, so
        that no setting exists in one profile only.

        Claims decide in the profiles ``lesson`` and ``full``, since a quick run proves only that
        every cell can be executed; on a page without ``lesson`` they decide in ``quick``, too.
        """
        if lesson is None and full is None:
            raise ValueError("pick(quick=...): give lesson=... as well, the students' settings.")
        given = {"quick": quick, "lesson": lesson, "full": full}
        known = {name: values for name, values in given.items() if values is not None}
        single = [
            name
            for name in set().union(*known.values())
            if not all(name in values for values in known.values())
        ]
        if single:
            raise ValueError(
                f"pick({', '.join(f'{name}=...' for name in known)}): "
                f"{', '.join(sorted(single))} is in some of them only; give every setting a value "
                "in each."
            )
        of_students = lesson if lesson is not None else quick
        of_source = full if full is not None else of_students
        # A page may pick twice, for its lesson and for its reproduction.
        self.decides &= lesson is None or self.profile != "quick"
        chosen = {"quick": quick, "lesson": of_students, "full": of_source}[self.profile]
        return SimpleNamespace(**chosen)

    def dataset(self, name: str) -> str:
        """Return the data source from which to load a set that few people have; print which.

        It is "real" where the course runs on real data and the files are in the local data folder
        or the cache, else "sample": ``utils.data.load`` and ``utils.report.record`` take it.
        """
        from data.core import sets

        source, message = sets.choose(name, self.data)
        print(message)
        return source

    def solution(self, name: str) -> None:
        """Print the course's solution of a task, and define it, so that the page goes on.

        The task stays unsolved: `check` looks at its own cell. Raises ValueError where the page has
        no such task, and RuntimeError outside a notebook and where the solutions are not at hand.
        """
        solutions.define(self.notebook, name)


def start(
    notebook: str, *, seed: int = 0, profile: str | None = None, data: str | None = None,
    trains: bool = True
) -> Course:  # fmt: skip
    """Begin a notebook: settle the two switches, seed the generators, and say so.

    The notebook is given as "06/01" or in full, "06_graph_networks/01_gat_cora". Profile and data,
    set here, win over ``COURSE_PROFILE`` and ``COURSE_DATA``; without both, they are "lesson" and
    "sample". A page that ``trains`` says that its numbers depend on the computer. Raises ValueError
    where one of the two switches is not known.
    """
    global _current
    course = Course(
        notebook=full_name(notebook),
        profile=_switch("profile", profile, "COURSE_PROFILE", PROFILES, "lesson"),
        data=_switch("data", data, "COURSE_DATA", SOURCES, "sample"),
        seed=seed,
    )
    _prepare_libraries(seed)
    _current = course
    solutions.accompany(course.notebook)
    print(f"profile {course.profile} · data {course.data} · seed {seed}")
    if trains:
        print(MACHINES)
    return course


def current() -> Course | None:
    """Return the course that ``start`` began in this process, or None."""
    return _current


def data_source(explicit: str | None = None) -> str:
    """Return the data source: as given, else the running course's, else the environment's."""
    if explicit is None and _current is not None:
        return _current.data
    return _switch("data", explicit, "COURSE_DATA", SOURCES, "sample")


def full_name(notebook: str) -> str:
    """Return ``unit/name`` of a notebook that is given by its numbers; what is in full stays."""
    if re.fullmatch(r"\d\d_\w+/\d\d_\w+", notebook):  # such as that of a draft elsewhere
        return notebook
    numbers = {re.sub(r"_\w+", "", name): name for name in lessons.names()}
    if notebook in numbers:
        return numbers[notebook]
    raise ValueError(
        f"There is no notebook {notebook!r} in this course; write its numbers, such as '06/01', or "
        "its folder and name, such as '06_graph_networks/01_gat_cora'."
    )


def _switch(
    name: str, explicit: str | None, variable: str, allowed: tuple[str, ...], usual: str
) -> str:
    value = explicit if explicit is not None else os.environ.get(variable) or usual
    if value not in allowed:
        origin = f"{name}=" if explicit is not None else f"{variable}="
        raise ValueError(f"{origin}{value!r} is not known; use {' or '.join(map(repr, allowed))}.")
    return value


def _prepare_libraries(seed: int) -> None:
    """Seed the generators, and undo what a person's ``keras.json`` and ``matplotlibrc`` ask for."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (libraries that draw from NumPy's global generator)
    if (keras := sys.modules.get("keras")) is not None:
        keras.utils.set_random_seed(seed)
        keras.config.set_floatx("float32")
        keras.config.set_image_data_format("channels_last")
    if (matplotlib := sys.modules.get("matplotlib")) is not None:
        matplotlib.rcdefaults()  # its backend stays
