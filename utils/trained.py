"""Weights that the course trained in the full profile, for pages whose training takes long.

Such a page trains a few steps, to show how it goes, and continues with the course's weights:

>>> model = course.trained("unet", model)

They are loaded where all that decides a training is what it was when the course trained: the
network, the settings that `Course.pick` has for the full profile, the data sets that
`utils.data.load` returned, and the code of the cells tagged ``training``. Else the page continues
with what was trained in it, and one line says why. ``python course.py train 02/01`` makes them.

Not noticed are changes in cells without the tag, in this package and in libraries, and what a cell
did that was executed with other code in between and assigns no name.
"""

from __future__ import annotations

import json
import os
import time
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.files import build_folder, write_text
from utils import _fingerprint, _key, lessons

if TYPE_CHECKING:
    import keras

TRAIN = "COURSE_TRAIN"  # set by `course.py train`: weights are saved instead of loaded


def trained(course: Any, name: str, model: keras.Model) -> keras.Model:
    """Return a model with the course's weights where they fit, else as it is: `Course.trained`.

    ``course`` is the running `utils.Course`, whose module imports this one.
    """
    if os.environ.get(TRAIN):
        state = _save(course, name, model)
    elif course.profile == "full" or course.data == "real":
        state = "own"
    else:
        state = _load(course, name, model)
    course.checkpoints[name] = state
    return model


def _load(course: Any, name: str, model: keras.Model) -> str:
    unit, notebook = course.notebook.split("/")
    makes = f"python course.py train {unit[:2]}/{notebook[:2]} makes them"
    place = folder_of(course.notebook)
    if not (place / f"{name}.toml").is_file():
        print(f"{name}: no weights yet ({makes}); the page continues with what was trained here.")
        return "missing"
    card = tomllib.loads((place / f"{name}.toml").read_text(encoding="utf-8"))
    other = " and ".join(different(card, course, model))
    if other:
        print(f"{name}: the course trained {other}; the page continues with what was trained here.")
        return "other"
    fill(model, place / f"{name}.npz")
    if "used" in course.checkpoints.values():
        print(f"{name}: the course's weights are loaded, too.")
    else:
        print(f"{name}: weights that the course trained in the full profile are loaded ({makes}).")
    return "used"


def different(card: dict[str, Any], course: Any, model: keras.Model) -> list[str]:
    """Return what the training of a card had that this run has not."""
    loaded, known = course.loaded, card.get("data", {})
    same = {
        "another network": card["network"] == _key.network(model),
        "with other settings": card["settings"] == _key.settings(course.full),
        "on other data": all(_fingerprint.same(d, loaded.get(n, {})) for n, d in known.items()),
        "with other code": _key.has_executed(card["code"]),
    }
    return [what for what, is_same in same.items() if not is_same]


def _save(course: Any, name: str, model: keras.Model) -> str:
    """Save the weights, and load them as they were saved, so that they are what is measured."""
    if (course.profile, course.data) != ("full", "sample"):
        raise RuntimeError("weights are saved from the full profile on the sample alone")
    card: dict[str, Any] = {
        "date": date.today().isoformat(),
        "run_seconds": round(time.monotonic() - course.began),
        "network": _key.network(model),
        "settings": _key.settings(course.full),
        "code": _key.code(course.notebook),
    }
    if getattr(model, "optimizer", None) is not None:
        card["steps"] = int(model.optimizer.iterations.numpy())
    place = training_folder() / course.notebook
    place.mkdir(parents=True, exist_ok=True)
    values = {str(i): half(v) for i, v in enumerate(model.get_weights())}
    np.savez_compressed(place / f"{name}.npz", **values)  # type: ignore[arg-type]
    fill(model, place / f"{name}.npz")
    lines = [f"{key} = {json.dumps(value)}" for key, value in card.items()]
    for dataset, known in course.loaded.items():  # what JSON and TOML call nan differs
        lines += [f"[data.{dataset}]", f'data = "{known["data"]}"', f"moments = {known['moments']}"]
    write_text(place / f"{name}.toml", "\n".join(lines) + "\n")
    return "trained"


def half(values: np.ndarray) -> np.ndarray:
    """Return weights in 16 bits a number, or as they are where one is too large for that.

    The last bit is 0: it holds a two-thousandth of a weight, and it is what compresses least.
    """
    if not np.isfinite(values).all():
        raise ValueError("a weight is not finite")
    if values.dtype != np.float32:
        return values
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float16)
    if not np.isfinite(rounded).all():
        return values
    return (rounded.view(np.uint16) & 0xFFFE).view(np.float16)


def fill(model: keras.Model, path: Path) -> None:
    """Set a model's weights to those of a file."""
    with np.load(path, allow_pickle=False) as arrays:
        values = [arrays[str(i)] for i in range(len(model.weights))]
    model.set_weights([v.astype(w.dtype) for v, w in zip(values, model.weights, strict=True)])


def folder_of(notebook: str) -> Path:
    """Return where the weights that a notebook trained are: with its lesson."""
    return lessons.folder(notebook) / "weights"


def training_folder() -> Path:
    """Return where `course.py train` finds what a run trained."""
    return build_folder() / "checkpoints"
