"""Photographs of faces, and faces that StyleGAN2 made of nobody, 224x224."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import samples
from data.core.fetch import Files
from data.core.pictures import pictures_in, read_sized
from data.core.record import LabelledPictures
from data.real_vs_fake_faces import generator

SIDE = 224
CLASSES = ("real", "fake")  # a label is a place in here
PARTS = ("train", "validation", "test")
FOLDERS = ("images", "val_images")  # the owners' parts, read as one: the second has 50 a class


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RealVsFakeFaces(LabelledPictures):
    """Faces (n, 224, 224, 3), the real ones (label 0) before the fake ones (label 1).

    With the names of a class sorted, every fifth picture is "test", the one before it "validation",
    the others "train". Nobody says who is seen on the real ones. Some people stand in several
    photographs, so also in several parts.
    """


def read(files: Files) -> RealVsFakeFaces:
    """Read ``images/`` and ``val_images/``, each with the folders ``real`` and ``fake``.

    A folder without a picture, or a picture that is not 224x224, is a DataError that names it.
    """
    root = files.folder()
    classes = [_photographs(root, kind) for kind in CLASSES]
    images = np.stack([read_sized(path, SIDE, SIDE) for paths in classes for path in paths])
    return _record(images, [len(paths) for paths in classes])


def sample() -> RealVsFakeFaces:
    """Draw 120 real and 120 fake portraits that differ in framing as the real set's do."""
    arrays = samples.cached_arrays("real_vs_fake_faces", generator.pictures)
    return _record(arrays["images"], [generator.EACH] * len(CLASSES))


def _record(images: np.ndarray, counts: list[int]) -> RealVsFakeFaces:
    """Label so many pictures of each class, and deal them out to the parts in their order."""
    place = np.concatenate([np.arange(count) % 5 for count in counts])
    return RealVsFakeFaces(
        images=images,
        labels=np.repeat(np.arange(len(CLASSES)), counts).astype(np.int64),
        part=np.array(PARTS)[np.clip(place - 2, 0, 2)],
    )


def _photographs(root: Path, kind: str) -> list[Path]:
    """Return the pictures of a class from both folders, sorted by name."""
    paths = [path for name in FOLDERS for path in pictures_in(root / name / kind)]
    return sorted(paths, key=lambda path: path.stem)
