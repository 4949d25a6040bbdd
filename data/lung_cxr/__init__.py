"""Chest X-rays with masks of the lungs, from two hospitals, with and without tuberculosis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import pictures, samples
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

SIDE = 256
FOLDS = 5
HOSPITALS = {"MCUCXR": "montgomery", "CHNCXR": "shenzhen"}  # how the official names begin
PICTURES = (".png", ".jpg")
SHENZHEN_MASKS = "ChinaSet_AllFiles/mask"  # published apart: put there, they are used


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ChestXrays(Record):
    """X-rays of the chest from the front, and which pixels lie on a lung.

    Parameters
    ----------
    images : np.ndarray
        (n, 256, 256) uint8, grey; what absorbs is bright.
    masks : np.ndarray
        (n, 256, 256) bool, True on both lungs.
    names : tuple of str
        Sorted, without the ending of a file.
    hospital : np.ndarray
        (n,) str, "montgomery" or "shenzhen".
    tuberculosis : np.ndarray
        (n,) bool, what the hospital's doctors found.
    folds : np.ndarray
        (n,) int64: the place in the sorted names modulo 5. Split k tests on fold k, chooses on
        the fold before it, (k + 4) % 5, and trains on the other three. One X-ray a person.
    """

    images: np.ndarray
    masks: np.ndarray
    names: tuple[str, ...]
    hospital: np.ndarray
    tuberculosis: np.ndarray
    folds: np.ndarray

    def split(self, fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the indices (int64) to train on, to choose on and to test on."""
        if not 0 <= fold < FOLDS:
            raise ValueError(f"fold {fold} is not one of 0 to {FOLDS - 1}")
        choose = (fold + FOLDS - 1) % FOLDS
        train = np.flatnonzero((self.folds != fold) & (self.folds != choose))
        return train, np.flatnonzero(self.folds == choose), np.flatnonzero(self.folds == fold)


def read(files: Files) -> ChestXrays:
    """Read the X-rays of Montgomery County and Shenzhen that have a mask.

    The official archives hold no masks of Shenzhen: what has no mask there is left out. Masks are 0
    and 255 (or one bit); larger X-rays are averaged to 256x256 and so are their masks, which then
    hold a pixel where half of it lies on a lung. A file that is missing, no picture, of another
    size than its mask, or with foreign values is a DataError.
    """
    found = pairs(files.folder())
    both = [read_pair(image, masks) for image, masks in found.values()]
    names = tuple(found)
    hospital = np.array([HOSPITALS[name.split("_")[0]] for name in names])
    images, masks = (np.stack(part) for part in zip(*both, strict=True))
    return _record(images, masks, names, hospital)


def sample(seed: int = 0) -> ChestXrays:
    """Draw X-rays of both hospitals' kinds."""
    from data.lung_cxr import generator as lungs

    names, hospital, _ = lungs.plan()
    drawn = samples.cached_arrays("lung_cxr", lambda: lungs.chests(seed=seed), seed)
    return _record(**drawn, names=names, hospital=hospital)


def _record(
    images: np.ndarray, masks: np.ndarray, names: tuple[str, ...], hospital: np.ndarray
) -> ChestXrays:
    return ChestXrays(
        images=images,
        masks=masks,
        names=names,
        hospital=hospital,
        tuberculosis=np.array([name.endswith("_1") for name in names]),
        folds=np.arange(len(names)) % FOLDS,
    )


def pairs(folder: Path) -> dict[str, tuple[Path, tuple[Path, ...]]]:
    """Find the X-rays of a folder and the masks of each, by name, sorted.

    The folder holds either ``images/NAME.jpg`` beside ``masks/NAME.png``, where every X-ray must
    have its mask; or the official archives unpacked: ``MontgomerySet`` with a mask a lung, and
    ``ChinaSet_AllFiles`` with masks in ``mask/NAME_mask.png`` as far as there are any.
    """
    copied = (folder / "images").is_dir()
    found = _copied(folder) if copied else _montgomery(folder) | _shenzhen(folder)
    if not found:
        raise DataError(
            f"{folder}: expected images/*.jpg with masks/*.png, or MontgomerySet/CXR_png with "
            "MontgomerySet/ManualMask, found no X-ray that has a mask"
        )
    for name, (image, masks) in found.items():
        head, _, state = name.rpartition("_")
        if head.split("_")[0] not in HOSPITALS or state not in ("0", "1"):
            raise DataError(f"{image}: expected a name like MCUCXR_0001_0 or CHNCXR_0001_1")
        for mask in masks:
            if not mask.is_file():
                raise DataError(f"{image}: its mask is missing, expected {mask}")
    return dict(sorted(found.items()))


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    shown = (path for path in folder.iterdir() if not path.name.startswith("."))
    return [path for path in shown if path.suffix.lower() in PICTURES]


def _copied(folder: Path) -> dict[str, tuple[Path, tuple[Path, ...]]]:
    images = _pictures(folder / "images")
    return {path.stem: (path, (folder / "masks" / f"{path.stem}.png",)) for path in images}


def _montgomery(folder: Path) -> dict[str, tuple[Path, tuple[Path, ...]]]:
    root = folder / "MontgomerySet"
    masks = [root / "ManualMask" / side for side in ("leftMask", "rightMask")]
    images = _pictures(root / "CXR_png")
    return {path.stem: (path, tuple(side / path.name for side in masks)) for path in images}


def _shenzhen(folder: Path) -> dict[str, tuple[Path, tuple[Path, ...]]]:
    images = _pictures(folder / "ChinaSet_AllFiles" / "CXR_png")
    masks = {path.stem: folder / SHENZHEN_MASKS / f"{path.stem}_mask.png" for path in images}
    return {path.stem: (path, (masks[path.stem],)) for path in images if masks[path.stem].is_file()}


def read_pair(image: Path, masks: tuple[Path, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Read an X-ray, uint8, and the union of its masks, bool, both of them (256, 256)."""
    grey = pictures.read_grey(image)
    union = np.zeros(grey.shape, bool)
    for path in masks:
        mask = pictures.read_grey(path)
        if mask.shape != grey.shape:
            raise DataError(
                f"{path}: the mask has {mask.shape[1]}x{mask.shape[0]} pixels, "
                f"its X-ray {grey.shape[1]}x{grey.shape[0]}"
            )
        foreign = np.setdiff1d(mask, (0, 255))
        if len(foreign):
            raise DataError(f"{path}: a mask holds 0 and 255, this one also {foreign[:5].tolist()}")
        union |= mask == 255
    if not union.any():
        raise DataError(f"{masks[0]}: no pixel of the mask lies on a lung")
    return _shrunk(grey), _shrunk(255 * union.astype(np.uint8)) >= 128


def _shrunk(pixels: np.ndarray) -> np.ndarray:
    """Return a picture averaged to 256x256; one of this size stays as it is."""
    from PIL import Image

    if pixels.shape == (SIDE, SIDE):
        return pixels
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX))
