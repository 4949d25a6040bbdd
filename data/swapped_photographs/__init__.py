"""Photographs of faces, and swaps of them, 100x100: a public stand-in for fakes_dataset."""

from dataclasses import dataclass

import cv2
import numpy as np

from data import forged_faces
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.progress import counted
from data.core.record import Record, check_part
from data.lfw_pairs import read_photographs
from data.swapped_photographs import swaps

SIDE = swaps.SIDE
SHOTS = 4  # photographs of one person at most
COUNTS = {  # pictures by part and kind; the test part has the report's numbers
    "train": {"real": 1600, "swap": 800},
    "validation": {"real": 400, "swap": 200},
    "test": {"real": 1400, "swap": 700},
}
NOWHERE = np.packbits(np.zeros((SIDE, SIDE), bool), axis=1)  # nothing was pasted


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SwappedPhotographs(Record):
    """Photographs of faces, and others in which the inner face is another person's."""

    images: np.ndarray  # (n, 100, 100, 3) uint8 RGB
    kind: np.ndarray  # (n,) str, "real" or "swap"
    part: np.ndarray  # (n,) str, "train", "validation" or "test"
    people: np.ndarray  # (n,) int64, whose head it is, in one part alone
    bits: np.ndarray  # (n, 100, 13) uint8, `regions`, eight pixels a byte

    @property
    def items(self) -> int:
        """The pictures of the test part, as of forged_faces."""
        return int((self.part == "test").sum())

    def regions(self, chosen: np.ndarray) -> np.ndarray:
        """Return what was pasted in the ``chosen`` pictures, (m, 100, 100) bool.

        ``chosen`` holds their numbers. All is False unless a picture is a swap.
        """
        return np.unpackbits(self.bits[chosen], axis=2, count=SIDE).astype(bool)

    def deepfakes(self, part: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the real pictures and the swaps of a part: images, labels, their numbers.

        Labels are int64, 0 real and 1 swapped. The order is shuffled, the same each time.
        """
        numbers = np.flatnonzero(self.part == check_part(part, COUNTS))
        numbers = np.random.default_rng(len(numbers)).permutation(numbers)
        return self.images[numbers], (self.kind[numbers] == "swap").astype(np.int64), numbers


def read(files: Files) -> SwappedPhotographs:
    """Read LFW at 100 pixels and make the swaps, the same ones each time.

    A DataError says so where the archive has too few photographs.
    """
    names, images = read_photographs(files.path("lfw_100.zip"))
    _, person = np.unique([name.rpartition("_")[0] for name in names], return_inverse=True)
    rng = np.random.default_rng(0)
    rows: list[tuple] = []
    for part, pool in zip(COUNTS, _pools(person, rng), strict=True):
        real = COUNTS[part]["real"]
        for number in pool[:real]:
            image = swaps.compressed(images[number])
            rows.append((image, "real", part, person[number], NOWHERE))
        rows += _swaps(images, person, pool, part, rng)
    columns = map(np.array, zip(*rows, strict=True))
    return SwappedPhotographs(
        **dict(zip(("images", "kind", "part", "people", "bits"), columns, strict=True))
    )


def _pools(person: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Draw the photographs of each part: all of a person in one part, and at most `SHOTS`."""
    order = rng.permutation(person.max() + 1)
    chosen = np.concatenate([np.flatnonzero(person == who)[:SHOTS] for who in order])
    ends = np.cumsum([sum(counts.values()) for counts in COUNTS.values()])
    rank = np.argsort(order)  # of each person in the order
    pools, start = [], 0
    for size in np.diff(ends, prepend=0):
        pool = chosen[start : start + size]
        if len(pool) < size:
            raise DataError(
                f"swapped_photographs: lfw_100.zip has {len(person):,} photographs; with at most "
                f"{SHOTS} of a person, and nobody in two parts, they do not make {ends[-1]:,} "
                "pictures. Take the whole archive."
            )
        pools.append(rng.permutation(pool))
        # The next part begins with the next person
        start = int(np.searchsorted(rank[person[chosen]], rank[person[pool[-1]]], side="right"))
    return pools


def _swaps(
    images: np.ndarray, person: np.ndarray, pool: np.ndarray, part: str, rng: np.random.Generator
) -> list[tuple]:
    """Make the swaps of a part, whose heads are the last of its ``pool`` of photographs."""
    thumbnail = dict(zip(pool, swaps.thumbnails(images[pool]), strict=True))
    heads = pool[COUNTS[part]["real"] :]
    rows = []
    for head in counted(heads, len(heads), f"making {len(heads):,} swaps of the {part} part"):
        others = rng.permutation(pool[person[pool] != person[head]])[: swaps.CANDIDATES]
        face = min(others, key=lambda k: float(np.sum((thumbnail[k] - thumbnail[head]) ** 2)))
        image, region = swaps.swapped(images[head], images[face], rng)
        bits = np.packbits(region, axis=1)
        rows.append((swaps.compressed(image), "swap", part, person[head], bits))
    return rows


def sample() -> SwappedPhotographs:
    """Scale the drawn faces and swaps of forged_faces to 100 pixels."""
    drawn = forged_faces.sample()
    chosen = np.flatnonzero(drawn.kind != "synthetic")
    side = (SIDE, SIDE)
    images = [cv2.resize(i, side, interpolation=cv2.INTER_AREA) for i in drawn.images[chosen]]
    regions = drawn.regions(chosen).astype(np.float32)
    small = np.array([cv2.resize(r, side, interpolation=cv2.INTER_AREA) for r in regions]) > 0.5
    return SwappedPhotographs(
        images=np.array(images),
        kind=drawn.kind[chosen],
        part=drawn.part[chosen],
        people=drawn.people[chosen],
        bits=np.packbits(small, axis=2),
    )
