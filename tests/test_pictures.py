"""Reading pictures: what files hold, how broken ones are named, and arrays of one shape."""

import re

import numpy as np
import pytest
from PIL import Image

from data.core import pictures
from data.core.cards import DataError
from utils.pictures import shrink

GREY = np.arange(256, dtype=np.uint8).reshape(16, 16)
NOISE = np.random.default_rng(0).integers(0, 256, (64, 48, 3), np.uint8)


@pytest.fixture
def saved(tmp_path):
    """Return a function that saves a picture, array or Pillow's, and gives its path."""

    def save(picture, name, **options):
        if isinstance(picture, np.ndarray):
            picture = Image.fromarray(picture)
        picture.save(tmp_path / name, **options)
        return tmp_path / name

    return save


def test_pictures_are_read_upright_and_as_rgb(saved):
    wide = np.zeros((20, 40, 3), np.uint8)
    wide[:5, :5, 0] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # of a camera that was held upright: turn clockwise
    turned = saved(wide, "turned.png", exif=exif)
    np.testing.assert_array_equal(pictures.read(turned), np.rot90(wide, -1), strict=True)
    np.testing.assert_array_equal(pictures.read(turned, upright=False), wide, strict=True)


def test_a_corrupt_picture_is_named(tmp_path, saved):
    whole = saved(NOISE[..., 0], "whole.jpg")
    (tmp_path / "half.jpg").write_bytes(whole.read_bytes()[:900])
    (tmp_path / "text.jpg").write_text("no picture")
    for name in ("half.jpg", "text.jpg", "absent.jpg"):
        with pytest.raises(ValueError, match=name):
            pictures.read(tmp_path / name)
    (tmp_path / "phone.HEIC").write_bytes(b"")
    with pytest.raises(ValueError, match=r"phone\.HEIC.*JPEG"):
        pictures.read(tmp_path / "phone.HEIC")
    with pytest.raises(ValueError, match=r"phone\.HEIC.*utils\.pictures\.read"):
        pictures.as_rgb("phone.HEIC")
    floats = saved(Image.fromarray(np.ones((4, 4), np.float32)), "floats.tiff")
    with pytest.raises(ValueError, match=r"floats\.tiff.*float"):
        pictures.read(floats)


def test_grey_pictures_keep_their_values(saved):
    for name, stored in {"grey.png": GREY, "deep.png": GREY.astype(np.uint16) * 256 + 200}.items():
        image = pictures.read(saved(stored, name))
        np.testing.assert_array_equal(image, np.dstack([GREY] * 3), strict=True)


def test_masks_stay_what_the_file_stores(saved):
    palette = Image.fromarray(GREY % 4)
    palette.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200])
    assert palette.mode == "P"
    path = saved(palette, "palette.png")
    np.testing.assert_array_equal(pictures.read_mask(path, (16, 16), range(4)), GREY % 4)
    bits = pictures.read_mask(saved(Image.fromarray(GREY > 99), "bits.png"), (16, 16), (0, 1))
    np.testing.assert_array_equal(bits, (GREY > 99).astype(np.uint8), strict=True)
    for shape, values, message in (
        ((8, 16), range(4), r"16x8.*\(16, 16\)"),
        ((16, 16), (0, 1), r"\[0, 1\].*\[2, 3\]"),
    ):
        with pytest.raises(DataError, match=f"palette.png.*{message}"):
            pictures.read_mask(path, shape, values)
    with pytest.raises(DataError, match=r"rgb\.png.*\(64, 48, 3\)"):
        pictures.read_mask(saved(NOISE, "rgb.png"), (64, 48), range(256))


def test_pictures_of_a_folder_and_their_size(tmp_path, saved):
    with pytest.raises(DataError, match=r"nothing.*\.jpg"):
        pictures.pictures_in(tmp_path / "nothing")
    paths = [saved(NOISE, name) for name in ("b.JPG", "a.jpg", "._a.jpg", "c.png")]
    assert pictures.pictures_in(tmp_path) == [paths[1], paths[0]]
    assert pictures.read_sized(paths[0], 64, 48).shape == (64, 48, 3)
    with pytest.raises(DataError, match="b.JPG.*64x64.*48x64"):
        pictures.read_sized(paths[0], 64, 64)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="float64"):
        pictures.as_rgb(np.zeros((8, 8, 3)))
    for shape in ((8, 8, 2), (0, 8, 3), (8,)):
        with pytest.raises(ValueError, match=re.escape(str(shape))):
            pictures.as_rgb(np.zeros(shape, np.uint8))


def test_shrinking_bounds_the_longer_side():
    small, scale = shrink(NOISE, 32)
    assert small.shape == (32, 24, 3) and scale == 0.5
    np.testing.assert_allclose(small.mean(), NOISE.mean(), atol=1)  # an average over areas
    same, scale = shrink(NOISE, 64)
    assert same is NOISE and scale == 1.0
    assert shrink(NOISE[:, :1], 4)[0].shape == (4, 1, 3)
