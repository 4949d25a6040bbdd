"""Cars of twenty models, cropped and scaled to 250x250, to be told apart by their model."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import samples
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.pictures import read_square
from data.core.record import LabelledPictures

SIDE = 250
CLASSES = 20
PARTS = ("train", "test")
LABELS = "labels.csv"
COLUMNS = ("file", "class", "name", "split")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CarModels(LabelledPictures):
    """Pictures of cars with their model and the split that comes with them.

    Parameters
    ----------
    images : np.ndarray
        (n, 250, 250, 3) uint8 RGB: the box around a car, scaled to a square.
    labels : np.ndarray
        (n,) int64: the model, 0 to 19.
    part : np.ndarray
        (n,) str, "train" or "test".
    class_names : tuple of str
        Of the twenty models, such as "Audi TTS Coupe 2012".
    names : tuple of str
        Of the files, without their ending.
    """

    PARTS = PARTS

    class_names: tuple[str, ...]
    names: tuple[str, ...]


def read(files: Files) -> CarModels:
    """Read ``labels.csv`` and the crops in ``images/`` that it names.

    The crops were saved with red and blue exchanged (their tail lamps are blue): they are exchanged
    back here. A missing file, a class that is not 1 to 20, has two names or no picture in one of
    the parts, or a picture that is not 250x250 is a DataError; a file that is no picture is a
    PictureError.
    """
    folder = files.folder()
    rows = _rows(folder / LABELS)
    labels = np.array([int(row["class"]) - 1 for row in rows], np.int64)
    part = np.array([row["split"] for row in rows])
    return CarModels(
        images=np.stack([_image(folder / "images" / row["file"]) for row in rows]),
        labels=labels,
        part=part,
        class_names=_class_names(rows, folder / LABELS),
        names=tuple(Path(row["file"]).stem for row in rows),
    )


def sample(seed: int = 0) -> CarModels:
    """Draw 16 pictures a model to train on and 10 to test on."""
    from data.stanford_cars20 import generator

    also = [generator.SHAPES]
    drawn = samples.cached_arrays("stanford_cars20", lambda: generator.cars(seed), seed, also=also)
    count, train = len(drawn["labels"]), generator.TRAIN * CLASSES
    return CarModels(
        images=drawn["images"],
        labels=drawn["labels"],
        part=np.repeat(PARTS, [train, count - train]),
        class_names=tuple(" ".join(model) for model in generator.MODELS),
        names=tuple(f"drawn_{k + 1:04d}" for k in range(count)),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of the table of labels, checked."""
    try:
        with path.open(encoding="utf-8", newline="") as table:
            reader = csv.DictReader(table)
            rows, columns = list(reader), tuple(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} belongs to these pictures, but {error}") from error
    if not set(COLUMNS) <= set(columns):
        raise DataError(f"{path}: expected columns {', '.join(COLUMNS)}, found {columns}")
    known = {str(k + 1) for k in range(CLASSES)}
    for line, row in enumerate(rows, start=2):
        if row["class"] not in known:
            raise DataError(f"{path}, line {line}: class {row['class']!r} is not 1 to {CLASSES}")
        if row["split"] not in PARTS:
            raise DataError(f"{path}, line {line}: split {row['split']!r} is not train or test")
        if Path(row["file"]).name != row["file"]:
            raise DataError(f"{path}, line {line}: {row['file']!r} is no name of a file")
    return rows


def _class_names(rows: list[dict[str, str]], path: Path) -> tuple[str, ...]:
    """Return the names of all classes; each must stand in both parts."""
    found: dict[str, str] = {}
    for row in rows:
        name = found.setdefault(row["class"], row["name"])
        if name != row["name"]:
            raise DataError(f"{path}: class {row['class']} is called {name!r} and {row['name']!r}")
    for part in PARTS:
        present = {row["class"] for row in rows if row["split"] == part}
        missing = sorted(set(map(str, range(1, CLASSES + 1))) - present, key=int)
        if missing:
            raise DataError(f"{path}: no picture of class {missing[0]} in the part {part!r}")
    return tuple(found[str(k + 1)] for k in range(CLASSES))


def _image(path: Path) -> np.ndarray:
    if not path.is_file():
        raise DataError(f"{path}: named in {LABELS}, but missing")
    return read_square(path, SIDE)[..., ::-1]
