"""Faces at 100 pixels under one of two gender labels: LFW with AFIF4's lists, or drawn people."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import samples
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.pictures import read_square
from data.core.record import Record

SIDE = 100
LABELS = ("male", "female")  # the words of the lists; label 0 and label 1
TEST_SHARE = 2648 / 13224  # the report tests on 2,648 photographs


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LabelledFaces(Record):
    """Coloured faces of known people, each under one of two labels that others gave.

    Parameters
    ----------
    images : np.ndarray
        (n, 100, 100, 3) uint8 RGB, sorted by person.
    labels : np.ndarray
        (n,) int64, 0 for "male" and 1 for "female", as in ``LABELS``.
    person : np.ndarray
        (n,) int64, index into ``names``.
    names : tuple of str
        One a person.
    part : np.ndarray
        (n,) str, "train" or "test", drawn by photograph from each label: people with several
        photographs may be in both.
    """

    images: np.ndarray
    labels: np.ndarray
    person: np.ndarray
    names: tuple[str, ...]
    part: np.ndarray

    @property
    def seen(self) -> np.ndarray:
        """Whether the person of a photograph has one in the training part, (n,) bool."""
        return np.isin(self.person, self.person[self.part == "train"])


def read(files: Files) -> LabelledFaces:
    """Read the photographs that stand in exactly one of the two lists."""
    archive, *lists = (
        files.path(name) for name in ("lfw_100.zip", "male_names.txt", "female_names.txt")
    )
    return read_labelled(archive, *lists)


def sample(seed: int = 0) -> LabelledFaces:
    """Draw people of two groups, some of them several times."""
    from data.upv_gender import generator

    drawn = samples.cached_arrays("upv_gender", lambda: generator.people(seed=seed), seed)
    return LabelledFaces(
        **drawn,
        names=tuple(f"Person_{i + 1:04d}" for i in range(drawn["person"].max() + 1)),
        part=split(drawn["labels"], share=0.3),  # so that there are enough strangers to count
    )


def read_labelled(archive: Path, male: Path, female: Path) -> LabelledFaces:
    """Read photographs that one list names and the other does not.

    ``archive`` is a zip of ``Name/Name_0001.jpg``, read where it lies; the lists have file names,
    one a line, whose ending may be left out. A label without a photograph, or a list that names
    none of the archive, is a DataError.
    """
    lists = [read_list(path) for path in (male, female)]
    with zipfile.ZipFile(archive) as packed:
        stems = {Path(n).stem: n for n in sorted(packed.namelist()) if n.endswith(".jpg")}
        chosen = sorted(stem for stem in stems if (stem in lists[0]) != (stem in lists[1]))
        labels = np.array([stem in lists[1] for stem in chosen], np.int64)
        for k, path in enumerate((male, female)):
            if not np.any(labels == k):
                raise DataError(
                    f"{path.name} names no photograph of {archive.name} that is not in the other "
                    f"list too, so nothing carries the label {LABELS[k]!r}"
                )
        images = np.empty((len(chosen), SIDE, SIDE, 3), np.uint8)
        for i, stem in enumerate(chosen):
            images[i] = read_square(packed.read(stems[stem]), SIDE, stems[stem])
    people = [stem.rpartition("_")[0] for stem in chosen]
    names, person = np.unique(people, return_inverse=True)
    return LabelledFaces(
        images=images,
        labels=labels,
        person=person.astype(np.int64),
        names=tuple(names.tolist()),
        part=split(labels),
    )


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
