"""Cars of twenty models, cropped and scaled to 250x250, to be told apart by their model."""

import csv
from dataclasses import dataclass

import numpy as np

from data.core import samples
from data.core.fetch import Files
from data.core.pictures import read_sized
from data.core.record import LabelledPictures
from data.stanford_cars20 import generator

SIDE = 250
CLASSES = 20
PARTS = ("train", "test")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CarModels(LabelledPictures):
    """Boxes around cars, scaled to (n, 250, 250, 3), with their model and the split they come with.

    A label is the model, 0 to 19.
    """

    class_names: tuple[str, ...]  # of the twenty models, such as "Audi TTS Coupe 2012"


def read(files: Files) -> CarModels:
    """Read ``labels.csv`` and the crops in ``images/`` that it names.

    The crops were saved with red and blue exchanged (their tail lamps are blue): they are exchanged
    back here. A picture that is missing or not 250x250 is a DataError that names it.
    """
    folder = files.folder()
    with open(folder / "labels.csv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    class_names = {int(row["class"]): row["name"] for row in rows}
    paths = [folder / "images" / row["file"] for row in rows]
    return CarModels(
        images=np.stack([read_sized(path, SIDE, SIDE)[..., ::-1] for path in paths]),
        labels=np.array([int(row["class"]) - 1 for row in rows], np.int64),
        part=np.array([row["split"] for row in rows]),
        class_names=tuple(class_names[k + 1] for k in range(CLASSES)),
    )


def sample() -> CarModels:
    """Draw 16 pictures a model to train on and 10 to test on."""
    arrays = samples.cached_arrays("stanford_cars20", generator.cars)
    count, train = len(arrays["labels"]), generator.TRAIN * CLASSES
    return CarModels(
        images=arrays["images"],
        labels=arrays["labels"],
        part=np.repeat(PARTS, [train, count - train]),
        class_names=tuple(" ".join(model) for model in generator.MODELS),
    )
