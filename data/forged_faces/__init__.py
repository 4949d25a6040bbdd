"""Faces, real and forged in two ways, 256x256: the report's fakes_dataset and synthetic_dataset."""

from dataclasses import dataclass

import numpy as np

from data.core import samples
from data.core.fetch import Files
from data.core.pictures import pictures_in, read_sized
from data.core.record import Record, check_part
from data.forged_faces import generator

SIDE = 256
SETS = {"swap": "fakes_dataset", "synthetic": "synthetic_dataset"}
FOLDERS = {"train": "train", "validation": "val", "test": "test"}
ENDINGS = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ForgedFaces(Record):
    """Real faces, faces with another person's inner face, and faces of nobody.

    The report has two sets: real pictures and swaps, real pictures and synthetic faces. Here they
    share their real pictures: ``deepfakes`` and ``synthetic`` return the one and the other.
    """

    images: np.ndarray  # (n, 256, 256, 3) uint8 RGB
    kind: np.ndarray  # (n,) str, "real", "swap" or "synthetic"
    part: np.ndarray  # (n,) str, "train", "validation" or "test"
    people: np.ndarray  # (n,) int64, whose head it is, in one part alone; -1 where not known
    # (n,) str, of which of the report's sets a picture is: "swap", "synthetic" or "both"
    origin: np.ndarray
    bits: np.ndarray  # (n, 256, 32) uint8, `regions`, eight pixels a byte; 0 where not known

    @property
    def items(self) -> int:
        """The pictures of the test parts: the report counts no others."""
        return int((self.part == "test").sum())

    def regions(self, chosen: np.ndarray) -> np.ndarray:
        """Return what was pasted in the ``chosen`` pictures, (m, 256, 256) bool.

        ``chosen`` holds their numbers. All is False unless a picture is a swap.
        """
        return np.unpackbits(self.bits[chosen], axis=2).astype(bool)

    def deepfakes(self, part: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the real pictures and the swaps of a part: images, labels, their numbers.

        Labels are int64, 0 real and 1 forged. The order is shuffled, the same each time.
        """
        return self._mixed(part, "swap")

    def synthetic(self, part: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return synthetic faces and as many real ones of a part: images, labels, their numbers."""
        return self._mixed(part, "synthetic", even=True)

    def _mixed(self, part: str, kind: str, *, even: bool = False) -> tuple[np.ndarray, ...]:
        here = (self.part == check_part(part, FOLDERS)) & np.isin(self.origin, (kind, "both"))
        forged = np.flatnonzero(here & (self.kind == kind))
        real = np.flatnonzero(here & (self.kind == "real"))
        numbers = np.concatenate([real[: len(forged)] if even else real, forged])
        numbers = np.random.default_rng(len(numbers)).permutation(numbers)
        return self.images[numbers], (self.kind[numbers] == kind).astype(np.int64), numbers


def read(files: Files) -> ForgedFaces:
    """Read fakes_dataset and synthetic_dataset, each with train, val and test of real and fake.

    A folder without a picture, or a picture that is not 256x256, is a DataError that names it.
    """
    rows = [
        (path, kind if name == "fake" else "real", part, kind)
        for kind, home in SETS.items()
        for part, folder in FOLDERS.items()
        for name in ("real", "fake")
        for path in pictures_in(files.folder() / home / folder / name, ENDINGS)
    ]
    paths, kinds, parts, origins = zip(*rows, strict=True)
    images = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)  # thousands: never two copies of them
    for image, path in zip(images, paths, strict=True):
        image[:] = read_sized(path, SIDE, SIDE)
    return ForgedFaces(
        images=images,
        kind=np.array(kinds),
        part=np.array(parts),
        people=np.full(len(rows), -1),
        origin=np.array(origins),
        bits=np.zeros((len(rows), SIDE, SIDE // 8), np.uint8),
    )


def sample() -> ForgedFaces:
    """Draw 500 real pictures, 250 swaps and 270 synthetic faces."""
    fields = dict(samples.cached_arrays("forged_faces", generator.pictures))
    fields["bits"] = fields.pop("regions")
    fields["origin"] = np.where(fields["kind"] == "real", "both", fields["kind"])
    return ForgedFaces(**fields)
