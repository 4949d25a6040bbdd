"""The two switches of the course, profile (effort) and data (tier), and the running notebook."""

from __future__ import annotations

import difflib
import os
import random
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from data.core.files import ROOT
from utils import _key, _visible, lessons, trained

PROFILES = ("quick", "full")
TIERS = ("sample", "real")

_current: Course | None = None


@dataclass
class Course:
    """What one run of one notebook is made with.

    Attributes
    ----------
    notebook : str
        Unit and name, such as ``"06_graph_networks/01_gat_cora"``.
    profile : {"quick", "full"}
        Effort: epochs, subset sizes, grids.
    data : {"sample", "real"}
        Tier: what the project makes or ships, or the official files.
    seed : int
        The seed that ``random``, NumPy and, where it is imported, Keras were given.
    datasets : dict
        What ``utils.data.load`` has returned in this run, by the name of the card and by the
        record's ``data`` ("sample" or "real"): its ``source`` and ``fraction``.
    networks : dict
        The pretrained networks that were used in this run, as keys.
    recorded : dict
        The numbers that ``utils.report.record`` was given in this run.
    findings : dict
        The sentences that ``utils.report.check`` was given, and whether each holds here.
    figures : list
        The files that ``utils.report.figure`` wrote in this run.
    full : dict
        The settings of the full profile, whichever runs.
    loaded : dict
        The fingerprints of the sets that ``utils.data.load`` returned (`utils._fingerprint`).
    began : float
        When it began, on the clock of `time.monotonic`.
    checkpoints : dict
        The trained weights that were asked for, and what became of each.
    """

    notebook: str
    profile: str
    data: str
    seed: int
    datasets: dict[str, Any] = field(default_factory=dict, repr=False)
    networks: dict[str, None] = field(default_factory=dict, repr=False)
    recorded: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    findings: dict[str, bool] = field(default_factory=dict, repr=False)
    figures: list[str] = field(default_factory=list, repr=False)
    full: dict[str, Any] = field(default_factory=dict, repr=False)
    loaded: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    began: float = field(default_factory=time.monotonic, repr=False)
    checkpoints: dict[str, str] = field(default_factory=dict, repr=False)

    def pick(self, *, quick: Any, full: Any) -> Any:
        """Return the value of the running profile; a ``dict`` comes back with attributes.

        Both dictionaries must have the same keys, so that no setting exists in one profile only.

        Raises
        ------
        ValueError
            If the two dictionaries name different settings.
        """
        if isinstance(quick, dict) and isinstance(full, dict) and quick.keys() != full.keys():
            odd = ", ".join(sorted(quick.keys() ^ full.keys()))
            raise ValueError(
                f"pick(quick=..., full=...): {odd} is in one of the two only; "
                "give every setting a value in both."
            )
        if isinstance(full, dict):
            self.full |= full
        chosen = full if self.profile == "full" else quick
        return SimpleNamespace(**chosen) if isinstance(chosen, dict) else chosen

    def dataset(self, name: str) -> str:
        """Return the tier in which to load a set that few people hold; say which.

        The real tier's files where they are in the local data folder or the cache, else the
        sample, also in the real tier: ``utils.data.load`` and ``utils.report.record`` take what
        comes back.
        """
        from data.core import load

        tier, said = load.choose(name, self.data)
        print(said)
        return tier

    def trained(self, name: str, model: Any) -> Any:
        """Return a model with the weights that the course trained for it, where they fit.

        Parameters
        ----------
        name : str
            What the page calls the model, such as ``"unet"``; the file of its weights.
        model : keras.Model
            Built, and trained for some steps. In the full profile and on real data it comes back as
            it is.

        See Also
        --------
        utils.trained : When the weights fit, and what one line says where they do not.
        """
        return trained.trained(self, name, model)


def start(
    notebook: str, *, seed: int = 0, profile: str | None = None, data: str | None = None
) -> Course:
    """Begin a notebook: settle the two switches, seed the generators, and say so.

    Parameters
    ----------
    notebook : str
        ``"06/01"`` or the full ``"06_graph_networks/01_gat_cora"``.
    seed : int
        Seed of ``random``, NumPy and (where it is imported) Keras.
    profile, data : str, optional
        Set here, they win over ``COURSE_PROFILE`` and ``COURSE_DATA``.

    Raises
    ------
    ValueError
        If the profile, the tier or the notebook's name is not known.
    """
    global _current
    course = Course(
        notebook=full_name(notebook),
        profile=_switch("profile", profile, "COURSE_PROFILE", PROFILES),
        data=_switch("data", data, "COURSE_DATA", TIERS),
        seed=seed,
    )
    _seed(seed)
    _current = course
    _visible.watch(course.notebook)
    _key.watch()
    print(
        f"profile {course.profile} · data {course.data} · seed {seed}\n"
        'To change: profile="full" or data="real" in the line above, or COURSE_PROFILE and '
        "COURSE_DATA,\nor python course.py lab --profile full --data real"
    )
    return course


def current() -> Course | None:
    """Return the course that ``start`` began in this process, or None."""
    return _current


def data_tier(explicit: str | None = None) -> str:
    """Return the data tier: as given, else the running course's, else the environment's."""
    if explicit is None and _current is not None:
        return _current.data
    return _switch("data", explicit, "COURSE_DATA", TIERS)


def full_name(notebook: str) -> str:
    """Return ``unit/name`` of a notebook that is given by its numbers or in full.

    A notebook that is none of the course, such as a draft elsewhere, is taken at its word where
    its full name is given and the course has no unit of that number.

    Raises
    ------
    ValueError
        If the text is no such name, or the course has no such notebook.
    """
    match = re.fullmatch(r"(\d\d(?:_\w+)?)/(\d\d(?:_\w+)?)", notebook)
    if match is None:
        raise ValueError(
            f"{notebook!r} names no notebook; write its numbers, such as '06/01', "
            "or its folder and name, such as '06_graph_networks/01_gat_cora'."
        )
    every = _notebooks(ROOT / "notebooks")
    found = [n for n in every if all(map(_means, match.groups(), n.split("/")))]
    if found:
        return found[0]
    units = {name[:2] for name in every}
    if all("_" in part for part in match.groups()) and match[1][:2] not in units:
        return notebook
    raise ValueError(f"There is no notebook {notebook!r} in this course; {_instead(match, every)}")


def _notebooks(folder: Path) -> list[str]:
    """Return the full names of the notebooks in a folder of units, or of all lessons."""
    if not folder.is_dir():  # installed as a package, which holds no notebooks
        return lessons.names()
    found = sorted(folder.glob("[0-9][0-9]_*/[0-9][0-9]_*.ipynb"))
    return [f"{path.parent.name}/{path.stem}" for path in found]


def _means(given: str, name: str) -> bool:
    """Say whether a part of a name, or its number alone, is what was given."""
    return given in (name, name[:2])


def _instead(match: re.Match[str], every: list[str]) -> str:
    """Return what a person may have meant: the same numbers, or what reads most alike."""
    close = [n for n in every if [p[:2] for p in match.groups()] == [p[:2] for p in n.split("/")]]
    close = close or difflib.get_close_matches(match[0], every, cutoff=0)
    return f"did you mean {' or '.join(map(repr, close))}?"


def _switch(name: str, explicit: str | None, variable: str, allowed: tuple[str, ...]) -> str:
    value = explicit if explicit is not None else os.environ.get(variable) or allowed[0]
    if value not in allowed:
        origin = f"{name}=" if explicit is not None else f"{variable}="
        raise ValueError(f"{origin}{value!r} is not known; use {' or '.join(map(repr, allowed))}.")
    return value


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (libraries that draw from NumPy's global generator)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
