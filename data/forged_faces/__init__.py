"""Faces, real and forged in two ways, 256x256: the report's fakes_dataset and synthetic_dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.core import kept
from data.core.record import Record

SIDE = 256
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ForgedFaces(Record):
    """Real faces, faces with another person's inner face, and faces of nobody.

    The report has two sets: real pictures and swaps, real pictures and synthetic faces. Here they
    share their real pictures: ``deepfakes`` and ``synthetic`` return the one and the other.

    Parameters
    ----------
    images : np.ndarray
        (n, 256, 256, 3) uint8 RGB.
    kind : np.ndarray
        (n,) str, "real", "swap" or "synthetic".
    part : np.ndarray
        (n,) str, "train", "validation" or "test".
    people : np.ndarray
        (n,) int64, whose head is seen; nobody stands in two parts.
    bits : np.ndarray
        (n, 256, 32) uint8, ``regions`` with eight pixels a byte.
    """

    images: np.ndarray
    kind: np.ndarray
    part: np.ndarray
    people: np.ndarray
    bits: np.ndarray

    @property
    def items(self) -> int:
        """Number of pictures."""
        return len(self.images)

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
        if part not in PARTS:
            raise ValueError(f"part {part!r} is not one of {', '.join(PARTS)}")
        here = self.part == part
        forged = np.flatnonzero(here & (self.kind == kind))
        real = np.flatnonzero(here & (self.kind == "real"))
        numbers = np.concatenate([real[: len(forged)] if even else real, forged])
        numbers = np.random.default_rng(len(numbers)).permutation(numbers)
        return self.images[numbers], (self.kind[numbers] == kind).astype(np.int64), numbers


def sample(seed: int = 0) -> ForgedFaces:
    """Draw 560 real pictures, 280 swaps and 340 synthetic faces."""
    from data.forged_faces import generator

    drawn = kept.arrays("forged_faces", lambda: generator.pictures(seed), seed)
    return ForgedFaces(
        images=drawn["images"],
        kind=drawn["kind"],
        part=drawn["part"],
        people=drawn["people"],
        bits=drawn["regions"],
    )
