"""Weights that this course trained itself, so that what a reader sees is what was measured.

A notebook trains for some seconds in the quick profile, to show how it goes, and goes on with
weights that the same notebook once trained in the full profile:

>>> trained = course.checkpoint("vae", model, data=mnist.images)
>>> loss = model.evaluate(test)
>>> trained.confirm("test_loss", loss, tolerance=0.5)

The curves of that long training can be kept beside the weights, so that a quick run draws them
instead of its own few steps:

>>> trained = course.checkpoint("vae", model, data=mnist.images, curves={"loss": losses})
>>> plots.curves(trained.curves)

``python course.py train 04/02`` trains and keeps them, always on the sample: nothing trained on
real pictures of people is kept. Beside the weights lies a card: what was trained, on which data,
for how long, and the metric it reached, which every run measures anew.

A page that is written now calls `Course.trained` instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.files import write_text
from utils import _fingerprint, _key, _made
from utils.trained import TRAIN, Running, fill, folder_of, training_folder

if TYPE_CHECKING:
    import keras

CODE = "COURSE_TRAIN_CODE"  # set by `course.py train --code`: the code of kept weights is noted


@dataclass
class Trained:
    """What became of one checkpoint, of the notebook ``owner``, in this run.

    ``state`` is "used": trained weights are in the model; "own": the model keeps its own, since
    this profile or tier trains it properly; "other": its network, its data or the code that trained
    it are not those of the kept one; "stale": another notebook's data have changed since;
    "missing": nothing is kept; "trained": this run trains what will be kept. ``card`` is what is
    known of the kept weights, ``curves`` belong to the training that made the weights which are in
    the model now: the kept ones where those are used and have some, else those that were given.
    """

    course: Running
    name: str
    state: str
    card: dict[str, Any]
    curves: dict[str, list[float]] = field(default_factory=dict)
    owner: str = ""

    def __post_init__(self) -> None:
        self.owner = self.owner or self.course.notebook

    def confirm(self, metric: str, value: float, *, tolerance: float) -> None:
        """Compare a metric, measured with the trained weights, with the one on their card.

        It is measured on data that the weights were not trained on; ``tolerance`` says how far a
        right value may lie from the card's: machines round differently.
        """
        value = float(value)
        if self.state == "trained":
            self.card |= {"metric": metric, "value": value, "tolerance": tolerance}
            _write_card(training_folder() / self.course.notebook / self.name, self.card)
        elif self.state == "used":
            off = abs(value - self.card["value"])
            if metric != self.card["metric"] or not off <= self.card["tolerance"]:
                self._tell("differs")
                print(
                    f"trained weights {self.name}: {metric} is {value:.4g} here, their card says "
                    f"{self.card['metric']} {self.card['value']:.4g}; {self._again()}"
                )

    def _tell(self, state: str) -> None:
        self.state = self.course.checkpoints[self.name] = state

    def _again(self) -> str:
        return f"to train them again: python course.py train {self.owner}"


def checkpoint(
    course: Running, name: str, model: keras.Model, *, data: Any, half: bool = True,
    curves: Mapping[str, Sequence[float]] | None = None, of: str | None = None,
    made_by: Sequence[Any] = ()
) -> Trained:  # fmt: skip
    """Load the trained weights of a model, or keep them where the course is being trained.

    Parameters
    ----------
    model : keras.Model
        Built. Its own weights are replaced where the kept ones fit.
    data : array or sequence of arrays
        What it is trained on, the same in both profiles.
    half : bool
        Keep 16 bits a number, half the bytes; 32 where that costs accuracy.
    curves : mapping of str to sequence of float, optional
        What this run's training measured by epoch; kept on the card, to six digits.
    of : str, optional
        Another notebook of the unit, whose weights are taken in every profile and tier: a network
        that was trained there and is looked at here. ``data`` is what it was trained on.
    made_by : sequence of functions, classes or dictionaries of settings, optional
        What trained it: with all of the notebook that they use, in code and in value, it must be
        what it was when the weights were made, else one's own training counts.
    """
    about = {"model": _key.network(model)} | _fingerprint.compute(data)
    code = _made.told(made_by, course.full)
    if of is not None:
        found = _borrow(course, of, name, model, about)
    elif os.environ.get(TRAIN):
        found = _keep(course, name, model, about | ({"code": code} if code else {}), half)
    elif course.profile == "full":
        found = Trained(course, name, "own", {})
    elif course.data == "real" and not _fingerprint.same(about, card_of(course.notebook, name)):
        found = Trained(course, name, "own", {})
        print(f"trained weights {name}: trained on the sample, so not used on real data")
    else:
        found = _load(course, name, model, about, code)
    if curves and not found.curves:
        found.curves = {key: [float(v) for v in values] for key, values in curves.items()}
    if found.state == "trained" and curves:
        found.card["curves"] = found.curves
    course.checkpoints[name] = found.state
    return found


def _borrow(
    course: Running, owner: str, name: str, model: keras.Model, about: dict[str, Any]
) -> Trained:
    """Load weights that another notebook keeps, or raise: nothing can go on without them."""
    place = folder_of(owner) / name
    again = f"python course.py train {owner}"
    card = card_of(owner, name)
    if not card:
        raise FileNotFoundError(f"{owner} keeps no trained weights {name!r}: {again}")
    if about["model"] != card["model"]:
        raise ValueError(
            f"the trained weights {name!r} of {owner} are of another network than this one; build "
            f"it as that notebook does, or train it again: {again}"
        )
    _fill(model, _file(place, "npz"), card["sha256"])
    print(told(name, owner, card, lent=True))
    found = Trained(course, name, "used", card, card.get("curves", {}), owner)
    if not _fingerprint.same(about, card):
        found.state = "stale"
        print(f"  but on data that has changed since; {found._again()}")
    return found


def _load(
    course: Running, name: str, model: keras.Model, about: dict[str, Any], code: dict[str, str]
) -> Trained:
    place = folder_of(course.notebook) / name
    card = card_of(course.notebook, name)
    if not card:
        print(
            f"trained weights {name}: none are kept yet, so this goes on with the short training "
            f"above (python course.py train {course.notebook})"
        )
        return Trained(course, name, "missing", {})
    found = Trained(course, name, "used", card)
    other = _made.changed(card.get("code", {}), code)
    if os.environ.get(CODE) and code:
        _write_card(place, card | {"code": code})
        other = []
    other += [] if about["model"] == card["model"] else ["the network"]
    other += [] if _fingerprint.same(about, card) else ["the data"]
    if other:
        found.state = "other"
        verb = "is" if len(other) == 1 else "are"
        print(
            f"trained weights {name}: not used, since {' and '.join(other)} {verb} not what they "
            f"were trained with. This goes on with your own training (the kept one: "
            f'{how_long(card)}; profile="full" in the settings does as much)'
        )
        return found
    _fill(model, _file(place, "npz"), card["sha256"])
    found.curves = card.get("curves", {})
    print(told(name, course.notebook, card))
    return found


def told(name: str, owner: str, card: dict[str, Any], lent: bool = False) -> str:
    """Return the line that says which trained weights a network has, from their card."""
    trained = f"trained by {owner}"
    if not lent:
        trained = "from here on the network is the one that this notebook trained "
        trained += "in the full profile"
        if card.get("steps", 1):  # none where what is kept was computed and not fitted
            trained += f", {how_long(card)}"
    return f"trained weights {name}: {trained} ({card['metric']} {card['value']:.4g})"


def how_long(card: dict[str, Any]) -> str:
    """Return how long a training took, as its card knows it: its own time, or the whole run's."""
    if "seconds" in card:
        return f"{card['steps']:,} steps in {_duration(card['seconds'])}"
    return f"in a run of {_duration(card['run_seconds'])}"


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def card_of(owner: str, name: str) -> dict[str, Any]:
    """Return the card of a notebook's trained weights; empty where none are kept."""
    path = _file(folder_of(owner) / name, "toml")
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _fill(model: keras.Model, path: Path, expected: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise ValueError(
            f"{path} is not the file of its card: expected {expected}, found {found}. "
            "Restore it from git."
        )
    fill(model, path)


def _keep(
    course: Running, name: str, model: keras.Model, about: dict[str, Any], half: bool
) -> Trained:
    """Write the weights, and put them back as they were written, so that they are what counts."""
    if (course.profile, course.data) != ("full", "sample"):
        raise RuntimeError("weights are kept from the full profile on the sample alone")
    values = model.get_weights()
    if half:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, and is found
            values = [v.astype(np.float16) if v.dtype == np.float32 else v for v in values]
    if not all(np.isfinite(v).all() for v in values):
        raise ValueError(f"checkpoint {name}: a weight is not finite, or too large for 16 bits")
    place = training_folder() / course.notebook / name
    place.parent.mkdir(parents=True, exist_ok=True)
    path, part = _file(place, "npz"), _file(place, "part.npz")
    np.savez_compressed(part, **{str(i): v for i, v in enumerate(values)})
    os.replace(part, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    _fill(model, path, sha256)
    card = about | {"sha256": sha256, "run_seconds": round(time.monotonic() - course.began)}
    return Trained(course, name, "trained", card)


def _file(place: Path, ending: str) -> Path:
    return place.with_name(f"{place.name}.{ending}")  # a name such as beta_0.5 keeps its dot


def _write_card(place: Path, card: dict[str, Any]) -> None:
    plain = {k: v for k, v in card.items() if k not in ("curves", "moments", "code")}
    lines = [
        f"{k} = {v!r}" if isinstance(v, int | float) else f'{k} = "{v}"' for k, v in plain.items()
    ]
    lines += ["moments = [", *(f"    {json.dumps(each)}," for each in card["moments"]), "]"]
    if "code" in card:  # tables come last in TOML
        lines += ["", "[code]", *(f'{_quoted(k)} = "{v}"' for k, v in sorted(card["code"].items()))]
    if "curves" in card:
        lines += ["", "[curves]"]
        lines += [
            f"{json.dumps(k)} = [{', '.join(repr(float(f'{v:.6g}')) for v in values)}]"
            for k, values in card["curves"].items()
        ]
    write_text(_file(place, "toml"), "\n".join(lines) + "\n")


def _quoted(name: str) -> str:
    """Return a key of TOML, bare where it may be."""
    bare = re.fullmatch(r"[A-Za-z0-9_-]+", name)
    return name if bare else json.dumps(name, ensure_ascii=False)
