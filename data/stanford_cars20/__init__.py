"""Cars of twenty models, cropped and scaled to 250x250, to be told apart by their model."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import kept, pictures
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

SIDE = 250
CLASSES = 20
PARTS = ("train", "test")
LABELS = "labels.csv"
COLUMNS = ("file", "class", "name", "split")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CarModels(Record):
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

    images: np.ndarray
    labels: np.ndarray
    part: np.ndarray
    class_names: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def items(self) -> int:
        """Number of pictures."""
        return len(self.names)

    def split(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the images and labels of "train" or "test".

        Raises
        ------
        ValueError
            There is no such part.
        """
        if name not in PARTS:
            raise ValueError(f"part {name!r} is not one of {', '.join(PARTS)}")
        chosen = self.part == name
        return self.images[chosen], self.labels[chosen]


def read(files: Files) -> CarModels:
    """Read ``labels.csv`` and the crops in ``images/`` that it names.

    The crops were saved with red and blue exchanged (their tail lamps are blue): they are
    exchanged back here.

    Raises
    ------
    DataError
        A file is missing, a class is not 1 to 20 or has no picture in one of the parts, a class
        has two names, or a picture is not 250x250. The message says which.
    ValueError
        A file is no picture; the message names it.
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

    drawn = kept.arrays("stanford_cars20", lambda: generator.cars(seed), seed)
    count, train = len(drawn["labels"]), generator.TRAIN * CLASSES
    return CarModels(
        images=drawn["images"],
        labels=drawn["labels"],
        part=np.repeat(PARTS, [train, count - train]),
        class_names=tuple(" ".join(model) for model in generator.MODELS),
        names=tuple(f"drawn_{k + 1:04d}" for k in range(count)),
    )


def other_models(
    models: int, each: int, side: int, seed: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw cars of models that are none of the sample's, to pretrain a network on.

    Parameters
    ----------
    models, each : int
        How many models, and pictures of each; the first ones are the same whatever ``each`` is.
    side : int
        Pixels of a side.
    seed : int
        Two seeds draw other models.

    Returns
    -------
    images : np.ndarray
        (models * each, side, side, 3) uint8, the models in turn.
    parts : np.ndarray
        (models * each, 16, 16, 19) bool: which of the generator's `PARTS` (body, glass, wheel,
        five grilles, headlamps and tail lamps) are seen in which cell of a grid of 16 x 16.
    bodies : np.ndarray
        (models * each,) int64: the kind of body, 0 to 7.
    """
    from data.stanford_cars20 import generator

    names = ("images", "parts", "bodies")

    def draw() -> dict[str, np.ndarray]:
        return dict(zip(names, generator.others(models, each, side, seed), strict=True))

    drawn = kept.arrays("stanford_cars20", draw, "others", models, each, side, seed)
    return tuple(drawn[name] for name in names)


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
    image = pictures.read(path)
    if image.shape != (SIDE, SIDE, 3):
        raise DataError(
            f"{path}: expected {SIDE}x{SIDE} pixels, found {image.shape[1]}x{image.shape[0]}; "
            "scale the crops first"
        )
    return image[..., ::-1]
