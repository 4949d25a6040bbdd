"""Reading the Oxford-IIIT pets: lists, odd files, trimaps that do not fit."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from utils.data import DataError

NAMES = ["Abyssinian_1", "Abyssinian_2", "Sphynx_10", "beagle_1", "beagle_2", "pug_3"]


@pytest.fixture
def tree(tmp_path) -> Path:
    """The official layout in small, with what disturbs in it."""
    (tmp_path / "images").mkdir()
    trimaps = tmp_path / "annotations" / "trimaps"
    trimaps.mkdir(parents=True)
    for k, name in enumerate(NAMES):
        pixels = np.full((20 + k, 30, 3), 20 * k, np.uint8)
        Image.fromarray(pixels).save(tmp_path / "images" / f"{name}.jpg")
        trimap = np.full((20 + k, 30), 2, np.uint8)
        trimap[5:15, 5:15], trimap[4, 5:15] = 1, 3
        Image.fromarray(trimap).save(trimaps / f"{name}.png")
    (tmp_path / "images" / "Abyssinian_1.mat").write_bytes(b"not a picture")
    (trimaps / "._beagle_1.png").write_bytes(b"of an Apple computer")
    return tmp_path


def write_lists(tree: Path, trainval: list[str], test: list[str]) -> None:
    for part, names in (("trainval", trainval), ("test", test)):
        text = "".join(f"{name} 1 1 1\n" for name in names)
        (tree / "annotations" / f"{part}.txt").write_text(text)


def test_the_official_lists_say_what_belongs_where(tree, serve):
    write_lists(tree, NAMES[:5], NAMES[5:])
    real = serve(tree)
    assert real.names == tuple(NAMES) and len(real) == 6
    assert real.split.tolist() == ["train"] * 4 + ["validation", "test"]
    assert real.breeds == ("Abyssinian", "Sphynx", "beagle", "pug")
    assert real.breed.tolist() == [0, 0, 1, 2, 2, 3]
    assert real.species.tolist() == [0, 0, 0, 1, 1, 1] and real.fraction == 6 / 7349


def test_a_folder_without_pictures_or_trimaps_is_refused(tree, tmp_path, serve):
    with pytest.raises(DataError, match="found none"):
        serve(tmp_path / "nothing")
    (tree / "annotations" / "trimaps" / "pug_3.png").unlink()
    with pytest.raises(DataError, match="trimap of pug_3 is missing"):
        serve(tree)


def test_what_does_not_fit_is_an_error_with_its_path(tree, serve):
    Image.new("RGB", (31, 20)).save(tree / "images" / "Abyssinian_1.jpg")
    (tree / "images" / "Abyssinian_2.jpg").write_bytes(b"no picture")
    Image.new("L", (30, 22), 7).save(tree / "annotations" / "trimaps" / "Sphynx_10.png")
    (tree / "annotations" / "trimaps" / "beagle_1.png").write_bytes(b"no picture")
    real = serve(tree)
    for k, match in enumerate(("has a trimap of", "cannot be read", r"\[7\]", "beagle_1")):
        with pytest.raises(DataError, match=match) as caught:
            real.read(k)
        assert NAMES[k] in str(caught.value)
