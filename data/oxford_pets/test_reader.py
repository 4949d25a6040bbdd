"""Reading the Oxford-IIIT pets: lists, odd files, trimaps that do not fit."""

import numpy as np
import pytest
from PIL import Image

from utils.data import DataError

NAMES = ["Abyssinian_1", "Abyssinian_2", "Sphynx_10", "beagle_1", "beagle_2", "pug_3"]


@pytest.fixture
def trimaps(tmp_path, picture):
    """Return the folder of trimaps in the official layout, with what disturbs in it."""
    folder = tmp_path / "annotations" / "trimaps"
    folder.mkdir(parents=True)
    for k, name in enumerate(NAMES):
        picture(f"images/{name}.jpg", (30, 20 + k), (20 * k, 20 * k, 20 * k))
        trimap = np.full((20 + k, 30), 2, np.uint8)
        trimap[5:15, 5:15], trimap[4, 5:15] = 1, 3
        Image.fromarray(trimap).save(folder / f"{name}.png")
    (tmp_path / "images" / "Abyssinian_1.mat").write_bytes(b"not a picture")
    (folder / "._beagle_1.png").write_bytes(b"of an Apple computer")
    return folder


def test_the_official_lists_say_what_belongs_where(trimaps, serve):
    for part, names in (("trainval", NAMES[:5]), ("test", NAMES[5:])):
        lines = "".join(f"{name} 1 1 1\n" for name in names)
        (trimaps.parent / f"{part}.txt").write_text(lines)
    real = serve()
    assert real.names == tuple(NAMES) and len(real) == 6
    assert real.split.tolist() == ["train"] * 4 + ["validation", "test"]
    assert real.fraction == 6 / 7349


def test_a_folder_without_photographs_is_refused(serve):
    with pytest.raises(DataError, match="images"):
        serve()


def test_what_does_not_fit_is_an_error_with_its_path(trimaps, picture, serve):
    images = trimaps.parents[1] / "images"
    picture("images/Abyssinian_1.jpg", (31, 20))
    (images / "Abyssinian_2.jpg").write_bytes(b"no picture")
    picture("annotations/trimaps/Sphynx_10.png", (30, 22), 7, "L")
    (trimaps / "beagle_1.png").write_bytes(b"no picture")
    real = serve()
    for k, match in enumerate(("31x20", "Abyssinian_2", r"\[7\]", "beagle_1")):
        with pytest.raises(DataError, match=match) as caught:
            real.read(k)
        assert NAMES[k] in str(caught.value)
