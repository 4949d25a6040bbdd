"""Penn-Fudan pedestrians: photographs of people in streets with a mask of every person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import pictures
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

MOST_PEOPLE = 64  # a label above it is no person's number: such a mask is of another kind
# The first photograph of each fold: where the list goes on to another street.
STARTS = ("FudanPed00001", "FudanPed00035", "FudanPed00069", "PennPed00025", "PennPed00063")
SAMPLE_SIZES = ((120, 160), (160, 120), (144, 144))  # height and width of what is drawn
SAMPLE_EACH = 25


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Pedestrians(Record):
    """Photographs of different sizes with the people in them.

    Parameters
    ----------
    images : tuple of np.ndarray
        Each (h, w, 3) uint8 RGB.
    masks : tuple of np.ndarray
        Each (h, w) uint8: 0 background, 1.. the number of a person. A picture without anybody
        has a mask of zeros.
    names : tuple of str
        Sorted, one a photograph.
    folds : np.ndarray
        (n,) int64: 0 to 4. One split: fold 4 is the test part, fold 3 is for choosing, the
        others train. Five folds: fold k is the test part, the one before it (4 before 0) is for
        choosing. Neighbours in the list of photographs show one street, minutes apart, and partly
        the same people, so a fold is a stretch of the list, cut where the street changes. Drawn
        pictures are dealt out in turn.
    """

    images: tuple[np.ndarray, ...]
    masks: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    folds: np.ndarray

    @property
    def people(self) -> np.ndarray:
        """Return how many people each photograph shows, (n,) int64."""
        return np.array([len(np.unique(mask[mask > 0])) for mask in self.masks], np.int64)


def read(files: Files) -> Pedestrians:
    """Read 170 photographs with pedestrians."""
    images, labels, names = read_folder(files.folder())
    return _record(images, labels, names, np.searchsorted(STARTS, names, side="right") - 1)


def sample() -> Pedestrians:
    """Draw streets with people, in three sizes that alternate."""
    from data.synthetic import bodies

    images, people = [], []
    for seed, (height, width) in enumerate(SAMPLE_SIZES):
        drawn = bodies.scenes(SAMPLE_EACH, height, width, people=(1, 3), seed=seed)
        images += list(drawn.images)
        people += list(drawn.masks)
    turn = np.arange(len(images)).reshape(len(SAMPLE_SIZES), -1).T.ravel()  # sizes alternate
    names = [f"DrawnPed{k + 1:05d}" for k in range(len(turn))]
    folds = np.arange(len(names)) % len(STARTS)
    return _record([images[i] for i in turn], [people[i] for i in turn], names, folds)


def read_folder(folder: Path) -> tuple[list[np.ndarray], list[np.ndarray], list[str]]:
    """Read ``PNGImages/NAME.png`` (or .jpg) with ``PedMasks/NAME_mask.png``.

    Returns images and masks as in `Pedestrians`, and their names, sorted. No photograph, or a mask
    that is missing, of another size, or with labels that number no person, is a DataError; a file
    that is no picture is a PictureError. The message names the file.
    """
    found = sorted(
        (path for path in (folder / "PNGImages").glob("[!.]*") if path.suffix in (".png", ".jpg")),
        key=lambda path: path.stem,
    )
    if not found:
        raise DataError(f"{folder / 'PNGImages'}: expected photographs NAME.png, found none.")
    images, labels = [], []
    for path in found:
        images.append(pictures.read(path))
        labels.append(_mask(folder / "PedMasks" / f"{path.stem}_mask.png", images[-1]))
    return images, labels, [path.stem for path in found]


def _mask(path: Path, image: np.ndarray) -> np.ndarray:
    """Read the mask that belongs to an image; palette indices stay as they are."""
    if not path.is_file():
        raise DataError(f"{path} is missing: every photograph needs its mask.")
    mask = pictures.read_labels(path)
    try:
        pictures.check_mask(mask, image.shape, range(MOST_PEOPLE + 1))
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
    return mask.astype(np.uint8)


def _record(
    images: list[np.ndarray], labels: list[np.ndarray], names: list[str], folds: np.ndarray
) -> Pedestrians:
    return Pedestrians(
        images=tuple(images),
        masks=tuple(labels),
        names=tuple(names),
        folds=folds.astype(np.int64),
    )
