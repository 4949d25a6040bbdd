"""Faces at 100 pixels under one of two gender labels: LFW with AFIF4's lists."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from data.core import sets
from data.core.fetch import Files
from data.core.record import Record
from data.lfw_pairs import read_photographs

SIDE = 100  # pixels
LABELS = ("male", "female")  # the words of the lists; label 0 and label 1
TEST_SHARE = 2648 / 13224  # the report tests on 2,648 photographs


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LabelledFaces(Record):
    """Coloured faces of known people, each under one of two labels that others gave."""

    images: np.ndarray  # (n, 100, 100, 3) uint8 RGB, sorted by person
    labels: np.ndarray  # (n,) int64, 0 for "male" and 1 for "female", as in `LABELS`
    person: np.ndarray  # (n,) int64, index into `names`
    names: tuple[str, ...]  # one a person
    # (n,) str, "train" or "test", drawn by photograph from each label: people with several
    # photographs may be in both
    part: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Whether the person of a photograph has one in the training part, (n,) bool."""
        return np.isin(self.person, self.person[self.part == "train"])


def read(files: Files) -> LabelledFaces:
    """Read the photographs that stand in exactly one of the two lists, out of their archive."""
    male, female = (read_list(files.path(f"{label}_names.txt")) for label in LABELS)
    photographs, images = read_photographs(files.path("lfw_100.zip"), male ^ female)
    labels = np.array([name in female for name in photographs], np.int64)
    people = [name.rpartition("_")[0] for name in photographs]
    names, person = np.unique(people, return_inverse=True)
    return LabelledFaces(
        images=images,
        labels=labels,
        person=person.astype(np.int64),
        names=tuple(names.tolist()),
        part=split(labels),
    )


def sample() -> LabelledFaces:
    """Take members of Congress in their place, some of them with two portraits."""
    portraits = sets.load("congress_portraits", "sample")
    every = np.concatenate([portraits.images, portraits.second_images])
    whose = np.concatenate([np.arange(len(portraits.images)), portraits.second_of])
    rows = [i for i in np.argsort(whose, kind="stable") if portraits.gender[whose[i]]]
    people, person = np.unique(whose[rows], return_inverse=True)
    labels = (portraits.gender[whose[rows]] == "F").astype(np.int64)
    size = (SIDE, SIDE)
    record = LabelledFaces(
        images=np.stack([np.asarray(Image.fromarray(every[i]).resize(size)) for i in rows]),
        labels=labels,
        person=person.astype(np.int64),
        names=tuple(portraits.names[people].tolist()),
        part=split(labels, share=0.3),  # so that there are enough strangers to count
    )
    return replace(record, source="shipped")


def read_list(path: Path) -> set[str]:
    """Read names of photographs, one a line, without their ending; empty lines are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.strip().removesuffix(".jpg") for line in lines if line.strip()}


def split(labels: np.ndarray, share: float = TEST_SHARE, seed: int = 0) -> np.ndarray:
    """Draw a share of the photographs of each label for testing: "train" or "test" of each."""
    rng = np.random.default_rng(seed)
    part = np.full(len(labels), "train")
    total = round(share * len(labels))
    ones = round(total * float(np.mean(labels == 1)))
    for label, count in ((0, total - ones), (1, ones)):
        part[rng.permutation(np.flatnonzero(labels == label))[:count]] = "test"
    return part
