"""``course.py new-data``: a folder for a data set, complete but for its TODO marks."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from data.core import cards
from data.core.files import write_text
from tools.notebook.common import Parser, Problem, shown

NAME = re.compile(r"[a-z][a-z0-9_]*")
CARD = """\
[{name}]
title = "TODO: what it is, and how much of it"
task = "TODO: what it is used for"
licence = "TODO: as its owners state it"
citation = "TODO: authors: title, venue, year"
homepage = "TODO: where its owners describe it"
status = "download"
sample = "TODO: what stands in its place in the sample tier"
items = 1000
# consent = "where people are shown: what they were asked"
[[{name}.files]]
name = "{name}.npz"
# url, size and sha256 as its owners state them; without a sum it is fetched with --pin alone
"""
READER = '''\
"""TODO: what {name} is, in a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.core.fetch import Files
from data.core.record import Record


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class {kind}(Record):
    """TODO: what one item is.

    Parameters
    ----------
    features : np.ndarray
        (n, 2) float32, TODO: meaning and unit.
    labels : np.ndarray
        (n,) int64, TODO: 0 to what.
    """

    features: np.ndarray
    labels: np.ndarray

    @property
    def items(self) -> int:
        """Number of items, as the card counts them."""
        return len(self.labels)


def read(files: Files) -> {kind}:
    """Read the official files, whose sums were checked."""
    with np.load(files.path("{name}.npz"), allow_pickle=False) as arrays:
        return {kind}(features=arrays["features"], labels=arrays["labels"])


def sample(seed: int = 0) -> {kind}:
    """Make an honest miniature: the same shapes, types and labels."""
    from data.{name}.generator import blobs

    features, labels = blobs(200, seed)
    return {kind}(features=features, labels=labels)
'''
GENERATOR = '''\
"""TODO: how the sample of {name} is made, and what it has in common with the real set."""

from __future__ import annotations

import numpy as np


def blobs(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw points around two centres; return them, (n, 2) float32, and whose each is, (n,) int64.

    ``data.kit`` has what pictures are drawn with: faces, bodies, canvas, noise, camera.
    """
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    points = rng.normal(size=(n, 2)) + 3 * labels[:, None]
    return points.astype(np.float32), labels
'''
TEST = '''\
"""{name}: its reader and its sample. data/core/test_sets.py holds what is true of every set."""

import numpy as np

from data import {name}
from data.core import fetch, load


def test_the_official_files_become_a_record(tmp_path, monkeypatch):
    """Read a file of the official layout, as a mirror serves it."""
    made = {name}.sample()
    path = tmp_path / "{name}.npz"
    np.savez(path, features=made.features, labels=made.labels)
    served = fetch.Fetched(path=path, source="mirror")
    monkeypatch.setattr(fetch, "fetch", lambda name, file: served)
    real = load.load("{name}", "real")
    np.testing.assert_array_equal(real.features, made.features, strict=True)
    assert (real.data, real.source, real.fraction) == ("real", "mirror", 0.2)


def test_the_sample_can_be_learned():
    """Separate the two classes by the sign of a sum."""
    made = {name}.sample()
    assert np.mean((made.features.sum(axis=1) > 3) == made.labels) > 0.9
'''


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new-data``."""
    p = Parser(
        prog="python course.py new-data",
        description="Make the folder of a data set: its card, reader, sample and tests. Its own "
        "tests pass as they are; the test of all cards names its TODO marks until they are filled "
        "in.",
    )
    p.add_argument("name", help="as notebooks will load it, such as yolo_cars")
    folder = make(p.parse_args(argv).name)
    print(f"made {shown(folder)}/: card.toml, __init__.py, generator.py, test_reader.py")
    print("Fill in the TODO marks, which the test of all cards names until then, and")
    print(f"  python course.py data fetch {folder.name}")
    print(f"  python course.py test {shown(folder)}")
    print("  python course.py data cards")
    return 0


def make(name: str) -> Path:
    """Write the folder of a set; a card that is there already is kept.

    Raises
    ------
    Problem
        The name is no name of a package, or the set has a reader already.
    """
    if not NAME.fullmatch(name) or name in ("core", "kit", cards.WEIGHTS):
        raise Problem(
            f"{name!r} can't name a data set; write small letters, digits and underscores, "
            "beginning with a letter, and none of core, kit, weights"
        )
    folder = cards.FOLDER / name
    if (folder / "__init__.py").exists():
        raise Problem(f"{shown(folder)} has a reader already")
    known = cards.entries()
    if name in known and known[name].folder != folder:
        raise Problem(f"{name} has its card in {shown(known[name].folder)} already")
    words = {"name": name, "kind": "".join(part.capitalize() for part in name.split("_"))}
    files = {"__init__.py": READER, "generator.py": GENERATOR, "test_reader.py": TEST}
    if name not in known:
        files["card.toml"] = CARD
    new = folder.with_name(f".{name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for file, text in files.items():
        write_text(new / file, text.format(**words))
    if folder.exists():
        shutil.copytree(folder, new, dirs_exist_ok=True)
        shutil.rmtree(folder)
    new.rename(folder)
    return folder
