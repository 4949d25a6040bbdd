"""Chest X-rays with masks of the lungs, from two hospitals."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from data.core import pictures, sets
from data.core.fetch import Files
from data.core.record import FOLDS, Record, split_by_fold

SIDE = 256
HOSPITALS = {"MCUCXR": "montgomery", "CHNCXR": "shenzhen"}  # how the official names begin
SAMPLE = 60  # X-rays


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ChestXrays(Record):
    """X-rays of the chest from the front, one a person, and which pixels lie on a lung."""

    images: np.ndarray  # (n, 256, 256) uint8, grey; what absorbs is bright
    masks: np.ndarray  # (n, 256, 256) bool, True on both lungs
    hospital: np.ndarray  # (n,) str, "montgomery" or "shenzhen"; of the sample "guangzhou"
    folds: np.ndarray  # (n,) int64: the place in the sorted names modulo 5

    def split(self, fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the indices (int64) to train on, to choose on (the fold before) and to test on."""
        return split_by_fold(self.folds, fold)


def read(files: Files) -> ChestXrays:
    """Read the X-rays of Montgomery County, and of Shenzhen from a local data folder.

    Masks are 0 and 255 (or one bit); larger X-rays are averaged to 256x256 and so are their masks,
    which then hold a pixel where half of it lies on a lung. A file that is missing, no picture, of
    another size than its mask, or with foreign values is a DataError.
    """
    xrays = pairs(files.folder())
    both = [read_pair(image, masks) for image, masks in xrays.values()]
    hospital = np.array([HOSPITALS[name[:6]] for name in xrays])
    images, masks = (np.stack(part) for part in zip(*both, strict=True))
    return _record(images, masks, hospital)


def sample() -> ChestXrays:
    """Take X-rays of children in their place, enlarged to 256x256."""
    children = sets.load("chest_xrays", "sample")
    images = np.stack([_enlarged(image) for image in children.images[:SAMPLE]])
    masks = np.stack([_enlarged(np.uint8(255 * (m > 0))) >= 128 for m in children.lungs[:SAMPLE]])
    record = _record(images, masks, np.full(SAMPLE, "guangzhou"))
    return replace(record, source="shipped")


def _record(images: np.ndarray, masks: np.ndarray, hospital: np.ndarray) -> ChestXrays:
    folds = np.arange(len(images)) % FOLDS
    return ChestXrays(images=images, masks=masks, hospital=hospital, folds=folds)


def pairs(folder: Path) -> dict[str, tuple[Path, tuple[Path, ...]]]:
    """Find the X-rays of a folder and the masks of each, by name, sorted.

    The folder holds either ``images/NAME.jpg`` beside ``masks/NAME.png``, or the official archive
    of Montgomery County unpacked, which has a mask a lung.
    """
    official = folder / "MontgomerySet"
    if official.is_dir():
        sides = [official / "ManualMask" / side for side in ("leftMask", "rightMask")]
        paths = pictures.pictures_in(official / "CXR_png", (".png",))
        return {path.stem: (path, tuple(side / path.name for side in sides)) for path in paths}
    paths = pictures.pictures_in(folder / "images")
    return {path.stem: (path, (folder / "masks" / f"{path.stem}.png",)) for path in paths}


def read_pair(image: Path, masks: tuple[Path, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Read an X-ray, uint8, and the union of its masks, bool, both of them (256, 256)."""
    grey = np.array(Image.fromarray(pictures.read(image)).convert("L"))
    union = np.zeros(grey.shape, bool)
    for path in masks:
        union |= pictures.read_mask(path, grey.shape, (0, 1, 255)) > 0  # one bit is read as 0 and 1
    return _shrunk(grey), _shrunk(255 * union.astype(np.uint8)) >= 128


def _shrunk(pixels: np.ndarray) -> np.ndarray:
    """Return a picture averaged to 256x256; one of this size stays as it is."""
    if pixels.shape == (SIDE, SIDE):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX))


def _enlarged(pixels: np.ndarray) -> np.ndarray:
    """Return a picture interpolated to 256x256."""
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
