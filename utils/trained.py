"""Weights that the course trained, for the repetitions of an experiment that take too long.

The model that a page speaks of is trained on the page. Other seeds, or other arms of an experiment,
may continue with the course's weights where they would make the lesson too long:

>>> model = course.trained("unet", model)

They are loaded where all that decides a training is what it was when the course trained: the
shapes of the model's weights, the settings of the profile that the course trained with, and the
code of the cells tagged ``training``, which load the data, build the network and fit it. Else the
page continues with what was trained in it, and one line says why. ``python course.py train 02/01``
makes them.

Not noticed are changes in this package, in the samples of the course and in libraries. A cell
without the tag is noticed where it stores to a name of a cell with the tag, as ``pairs *= 2`` does;
``pairs.sort()`` is not noticed.
"""

from __future__ import annotations

import json
import time
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.files import build_folder, write_text
from utils import executed, lessons

if TYPE_CHECKING:
    import keras

TRAIN = "COURSE_TRAIN"  # set by `course.py train`: weights are saved instead of loaded


def load(course: Any, name: str, model: keras.Model) -> str:
    """Load the course's weights where they fit, and print whether; return it as one word.

    ``course`` is the running `utils.Course`, whose module imports this one.
    """
    unit, notebook = course.notebook.split("/")
    makes = f"python course.py train {unit[:2]}/{notebook[:2]} makes them"
    place = folder_of(course.notebook)
    if not (place / f"{name}.toml").is_file():
        print(f"{name}: no weights yet ({makes}); the page continues with what was trained here.")
        return "missing"
    card = tomllib.loads((place / f"{name}.toml").read_text(encoding="utf-8"))
    values = saved(place / f"{name}.npz")
    same = {
        "another network": [v.shape for v in values] == [tuple(w.shape) for w in model.weights],
        "with other settings": card["settings"] == _settings(course),
        "with other code": executed.are_unchanged(card["code"]),
    }
    if other := " and ".join(what for what, is_same in same.items() if not is_same):
        print(f"{name}: the course trained {other}; the page continues with what was trained here.")
        return "other"
    model.set_weights(values)
    if "used" in course.checkpoints.values():
        print(f"{name}: the course's weights are loaded, too.")
    else:
        print(f"{name}: weights that the course trained are loaded ({makes}).")
    return "used"


def save(course: Any, name: str, model: keras.Model) -> str:
    """Save the weights, and load them as they were saved, so that they are what is measured."""
    card: dict[str, Any] = {
        "date": date.today().isoformat(),
        "run_seconds": round(time.monotonic() - course.began),
        "settings": _settings(course),
        "code": executed.training_of(course.notebook),
    }
    if getattr(model, "optimizer", None) is not None:
        card["steps"] = int(model.optimizer.iterations.numpy())
    place = training_folder() / course.notebook
    place.mkdir(parents=True, exist_ok=True)
    values = {str(i): half(v) for i, v in enumerate(model.get_weights())}
    np.savez_compressed(place / f"{name}.npz", **values)  # type: ignore[arg-type]
    model.set_weights(saved(place / f"{name}.npz"))
    lines = [f"{key} = {json.dumps(value)}" for key, value in card.items()]
    write_text(place / f"{name}.toml", "\n".join(lines) + "\n")
    return "trained"


def _settings(course: Any) -> str:
    return json.dumps(course.trained_with, sort_keys=True, default=repr)


def half(values: np.ndarray) -> np.ndarray:
    """Return weights in 16 bits a number, or as they are where one is too large for that.

    The last bit is 0: it holds a two-thousandth of a weight, and it is what compresses least.
    """
    if values.dtype != np.float32 or np.abs(values).max(initial=0) > np.finfo(np.float16).max:
        return values
    return (values.astype(np.float16).view(np.uint16) & 0xFFFE).view(np.float16)


def saved(path: Path) -> list[np.ndarray]:
    """Return the weights of a file, in the order of the model's."""
    with np.load(path, allow_pickle=False) as arrays:
        return [arrays[str(i)] for i in range(len(arrays.files))]


def folder_of(notebook: str) -> Path:
    """Return where the weights that a notebook trained are: with its lesson."""
    return lessons.folder(notebook) / "weights"


def training_folder() -> Path:
    """Return where `course.py train` finds what a run trained."""
    return build_folder() / "checkpoints"
