"""Penn-Fudan pedestrians: photographs of people in streets with a mask of every person."""

from dataclasses import dataclass

import numpy as np

from data.core import pictures, sets
from data.core.fetch import Files
from data.core.record import Record

LABELS = range(65)  # a number above 64 is no person's: such a mask is of another kind
# The first photograph of each fold: where the list goes on to another street.
STARTS = ("FudanPed00001", "FudanPed00035", "FudanPed00069", "PennPed00025", "PennPed00063")
SAMPLE = 75  # photographs


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Pedestrians(Record):
    """Photographs of different sizes with the people in them."""

    images: tuple[np.ndarray, ...]  # each (h, w, 3) uint8 RGB
    masks: tuple[np.ndarray, ...]  # each (h, w) uint8: 0 background, 1.. the number of a person
    # (n,) int64: 0 to 4. One split: fold 4 is the test part, fold 3 is for choosing, the others
    # train. Five folds: fold k is the test part, the one before it (4 before 0) is for choosing.
    # Neighbours in the list of photographs show one street, minutes apart, and partly the same
    # people, so a fold is a stretch of the list, cut where the street changes.
    folds: np.ndarray


def read(files: Files) -> Pedestrians:
    """Read 170 photographs, ``PNGImages/NAME.png`` (or .jpg), with ``PedMasks/NAME_mask.png``.

    No photograph, or a picture or mask that is missing or does not fit, is a DataError that names
    it.
    """
    folder = files.folder()
    paths = pictures.pictures_in(folder / "PNGImages", (".png", ".jpg"))
    paths.sort(key=lambda path: path.stem)
    images = tuple(pictures.read(path) for path in paths)
    names = tuple(path.stem for path in paths)
    masks = tuple(
        pictures.read_mask(folder / "PedMasks" / f"{name}_mask.png", image.shape, LABELS)
        for name, image in zip(names, images, strict=True)
    )
    folds = np.searchsorted(STARTS, names, side="right").astype(np.int64) - 1
    return Pedestrians(images=images, masks=masks, folds=folds)


def sample() -> Pedestrians:
    """Take photographs of COCO in their place, in which every person has a mask; their folds."""
    coco = sets.load("coco_people", "sample")
    crowded = np.array([crowds.any() for crowds in coco.crowds])
    chosen = np.flatnonzero(coco.has_masks & ~crowded)[:SAMPLE]
    return Pedestrians(
        source="shipped",
        images=tuple(coco.images[k] for k in chosen),
        masks=tuple(coco.masks[k] for k in chosen),
        folds=coco.folds[chosen],
    )
