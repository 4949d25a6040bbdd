"""Oxford-IIIT pets: cats and dogs of 37 breeds with trimaps, read when they are asked for.

The 7,349 photographs would fill 4 GB, so that a record holds where they lie, not their pixels.
Some files of the official archive are not what their names say (GIF, PNG, grey, transparent), two
of its folders hold files that are no pictures (``.mat``, ``._`` files of an Apple computer), and
41 photographs stand in no list: all of this is met here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import pictures, samples
from data.core.fetch import Files
from data.core.record import Record
from data.oxford_pets import generator

PET, BACKGROUND, OUTLINE = 1, 2, 3
SAMPLE = 80

Pair = tuple[np.ndarray, np.ndarray]  # a photograph and its trimap
Paths = tuple[Path, Path]  # where they lie


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Pets(Record):
    """Photographs of pets; ``read`` gives one of them with its trimap."""

    # Sorted; the breed, an underscore, a number; breeds of cats begin with a capital letter
    names: tuple[str, ...]
    # (n,) str: "train", "validation" or "test". The test part is the official list's; every fifth
    # name of the official training list is for choosing. Without lists every fifth name is test
    # and the one before it is for choosing.
    split: np.ndarray
    originals: tuple[Paths | Pair, ...]  # photograph and trimap, or where they lie

    def __len__(self) -> int:
        """Return the number of photographs."""
        return len(self.names)

    def read(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Return one photograph, (h, w, 3) uint8 RGB, and its trimap, (h, w) uint8.

        The trimap holds 1 pet, 2 background, 3 outline. A damaged file, or a trimap of another size
        or with other labels, is a DataError.
        """
        photograph, trimap = self.originals[index]
        if isinstance(photograph, np.ndarray):
            return photograph, trimap
        image = pictures.read(photograph, upright=False)  # as stored: trimaps were drawn on that
        return image, pictures.read_mask(trimap, image.shape, (PET, BACKGROUND, OUTLINE))


def read(files: Files) -> Pets:
    """Find what is there of the official archives; pictures are read when they are asked for.

    The folder holds ``images/NAME.jpg`` and ``annotations/trimaps/NAME.png``, and in the official
    archive ``annotations/trainval.txt`` and ``test.txt``. No photograph at all is a DataError.
    """
    folder = files.folder()
    annotations = folder / "annotations"
    photographs = {path.stem: path for path in pictures.pictures_in(folder / "images")}
    if (annotations / "trainval.txt").is_file():
        parts = _by_lists(annotations)
    else:
        parts = _by_place(sorted(photographs))
    trimaps = annotations / "trimaps"
    return _record({name: (photographs[name], trimaps / f"{name}.png") for name in parts}, parts)


def sample() -> Pets:
    """Draw eighty pets."""
    arrays, n = samples.cached_arrays("oxford_pets", _drawn), len(generator.BREEDS)
    pairs = [(arrays[f"picture {i}"], arrays[f"trimap {i}"]) for i in range(SAMPLE)]
    named = {f"{generator.BREEDS[i % n]}_{i // n + 1}": pair for i, pair in enumerate(pairs)}
    return _record(named, _by_place(sorted(named)))


def _drawn() -> dict[str, np.ndarray]:
    """Draw the pictures and trimaps of the sample, by name, since their sizes differ."""
    arrays = {}
    for i, (picture, trimap) in enumerate(generator.pets(SAMPLE)):
        arrays |= {f"picture {i}": picture, f"trimap {i}": trimap}
    return arrays


def _by_place(names: Sequence[str]) -> dict[str, str]:
    """Give every fifth name to the test part, and the one before it to choosing."""
    return {name: {3: "validation", 4: "test"}.get(i % 5, "train") for i, name in enumerate(names)}


def _by_lists(folder: Path) -> dict[str, str]:
    """Take the official lists; every fifth name of the first is for choosing."""
    trainval, test = (
        [line.split()[0] for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        for name in ("trainval.txt", "test.txt")
    )
    parts = {n: "validation" if i % 5 == 4 else "train" for i, n in enumerate(sorted(trainval))}
    return parts | dict.fromkeys(test, "test")


def _record(originals: Mapping[str, Paths | Pair], parts: Mapping[str, str]) -> Pets:
    names = tuple(sorted(originals))
    return Pets(
        names=names,
        split=np.array([parts[name] for name in names]),
        originals=tuple(originals[name] for name in names),
    )
