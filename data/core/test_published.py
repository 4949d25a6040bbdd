"""Packed pictures: each is credited, under an open licence, and is what was published."""

import io
import os
import subprocess
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.core import cards, packed, published, sets
from data.core.published import Published
from utils import data
from utils.data import DataError

CLONES = Path(os.environ.get(published.CLONES) or "none")  # other tests run without it
OPEN = [name for name in data.names() if sets.find(name).published]
LICENCES = (
    "Apache-2.0", "CC BY 2.0", "CC BY-SA 2.0", "CC BY 4.0", "CC BY-SA 4.0", "public domain",
    "no known copyright restrictions",
)  # fmt: skip
PAGE = '[[thing.published]]\nrepository = "who/what"\ncommit = "{}"\nholds = "pictures"\n'


@pytest.fixture(params=OPEN)
def entry_of_pictures(request):
    return sets.find(request.param)


def test_the_card_says_where_pictures_come_from_and_who_allows_it(entry_of_pictures):
    entry = entry_of_pictures
    assert all([entry.licence_says, entry.licence_at, entry.not_for, entry.may_be_shown])
    assert entry.licence_at.startswith("https://")
    assert all(len(item.commit) == 40 for item in entry.published)
    assert (entry.folder / "LICENSE").stat().st_size > 200
    assert (entry.folder / str(entry.packed)).stat().st_size < 9e6


def test_each_picture_has_a_credit_with_an_open_licence(entry_of_pictures):
    entry = entry_of_pictures
    rows, record = published.credits(entry), data.load(entry.name)
    assert len(rows) == record.items == entry.items
    repositories = {item.repository for item in entry.published}
    assert {row["repository"] for row in rows} <= repositories
    assert {row["licence"] for row in rows} <= set(LICENCES)
    assert all(row["address"].startswith(("https://", "http://")) for row in rows)
    assert len({(row["repository"], row["path"]) for row in rows}) == len(rows)


@pytest.mark.slow
def test_packed_and_published_agree(entry_of_pictures):
    """Run where the variable COURSE_CLONES_DIR names a folder with clones as OWNER+NAME.

    Another version of the JPEG library makes other bytes, so the pictures are compared.
    """
    if not CLONES.is_dir():
        pytest.skip(f"{published.CLONES} names no folder")
    entry = entry_of_pictures
    with Published(entry, CLONES) as files:
        again = np.load(io.BytesIO(import_module(f"data.{entry.name}.pack").pack(files)))
    ours = packed.read_arrays(entry)
    assert set(again) == set(ours)
    for name in [name for name in ours if not name.endswith("_ends")]:
        if f"{name}_ends" not in ours:
            np.testing.assert_array_equal(again[name], ours[name], strict=True)
            continue
        pairs = zip(
            published.unpacked(dict(again), name), published.unpacked(ours, name), strict=True
        )
        assert all(np.abs(a - b.astype(float)).mean() < 2 for a, b in pairs)


# ------------------------------------------------------------------ made-up repositories


@pytest.fixture
def clones(tmp_path, entry):
    """Return a folder with a clone of who/what, whose pictures the card of `thing` lists."""
    clone = tmp_path / "clones" / "who+what"
    clone.mkdir(parents=True)
    Image.new("RGB", (4, 2), (250, 10, 10)).save(clone / "red.png")
    (clone / "text.png").write_text("no picture")
    git = ["git", "-C", str(clone), "-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "pictures"]):
        subprocess.run([*git, *command], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    (clone / "red.png").write_text("changed since")  # what is committed counts
    entry(head=PAGE.format(head.stdout.strip()))
    return clone.parent


def test_files_are_read_at_the_commit_of_the_card(clones):
    with Published(cards.get("thing"), clones) as files:
        assert files.picture("who/what", "red.png").getpixel((0, 0)) == (250, 10, 10)
        with pytest.raises(DataError, match=r"who/what has no blue\.png"):
            files.read("who/what", "blue.png")
        with pytest.raises(DataError, match=r"text\.png is no picture"):
            files.picture("who/what", "text.png")


def test_a_repository_without_a_clone_says_how_to_make_one(clones, tmp_path):
    with (
        Published(cards.get("thing"), tmp_path / "empty") as files,
        pytest.raises(DataError, match="git clone https://github.com/who/what"),
    ):
        files.read("who/what", "red.png")


def test_pictures_of_several_sizes_come_back():
    random = np.random.default_rng(0)
    masks = [random.random((5, 4)) < 0.5, random.random((2, 9)) < 0.5]
    arrays = published.in_one("masks", [published.png(mask) for mask in masks])
    for mask, same in zip(masks, published.unpacked(arrays, "masks"), strict=True):
        np.testing.assert_array_equal(mask, same, strict=True)
    grey = Image.new("L", (8, 16), 90)
    arrays = published.in_one("photographs", [published.jpeg(grey), published.jpeg(grey)])
    assert [p.shape for p in published.unpacked(arrays, "photographs")] == [(16, 8), (16, 8)]


def test_missing_or_incomplete_credits_are_one_line(clones):
    thing = cards.get("thing")
    with pytest.raises(DataError, match=r"data/thing/credits\.csv is missing.*git checkout"):
        published.credits(thing)
    (thing.folder / published.CREDITS).write_text("path,licence\na.jpg,CC BY 2.0\n")
    with pytest.raises(DataError, match="repository"):
        published.credits(thing)


def test_an_old_name_is_told_the_new_one(entry):
    entry(head='formerly = ["widget"]')
    with pytest.raises(DataError, match="Did you mean thing"):
        cards.get("widget")
