"""Reading pictures: what files hold, how broken ones are named, and arrays of one shape."""

import re

import numpy as np
import pytest
from PIL import Image

from data.core import pictures
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


@pytest.mark.parametrize("reader", [pictures.read, pictures.read_grey, pictures.read_labels])
def test_a_corrupt_picture_is_named(tmp_path, saved, reader):
    whole = saved(NOISE[..., 0], "whole.jpg")
    (tmp_path / "half.jpg").write_bytes(whole.read_bytes()[:900])
    (tmp_path / "text.jpg").write_text("no picture")
    for name in ("half.jpg", "text.jpg"):
        with pytest.raises(ValueError, match=f"{name} cannot be read as a picture"):
            reader(tmp_path / name)
    with pytest.raises(FileNotFoundError, match=r"absent\.jpg"):
        reader(tmp_path / "absent.jpg")
    floats = saved(Image.fromarray(np.ones((4, 4), np.float32)), "floats.tiff")
    with pytest.raises(ValueError, match=r"floats\.tiff .* holds floats"):
        reader(floats)


def test_grey_pictures_keep_their_values(saved):
    for name, stored in {
        "grey.png": GREY,
        "deep.png": GREY.astype(np.uint16) * 256 + 200,
        "colour.png": np.dstack([GREY] * 3),
    }.items():
        np.testing.assert_array_equal(pictures.read_grey(saved(stored, name)), GREY, strict=True)
    one_bit = Image.fromarray(GREY > 99)
    assert one_bit.mode == "1"
    black_white = pictures.read_grey(saved(one_bit, "bits.png"))
    np.testing.assert_array_equal(black_white, 255 * (GREY > 99).astype(np.uint8), strict=True)


def test_labels_stay_what_the_file_stores(saved):
    palette = Image.fromarray(GREY % 4)
    palette.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200])
    deep = GREY.astype(np.uint16) + 1000
    for stored, labels in (
        (GREY, GREY),
        (palette, GREY % 4),
        (Image.fromarray(GREY > 99), (GREY > 99).astype(np.uint8)),
        (deep, deep),
    ):
        found = pictures.read_labels(saved(stored, "labels.png"))
        np.testing.assert_array_equal(found, labels, strict=True)
    with pytest.raises(ValueError, match=r"rgb\.png .* one number a pixel, this file has RGB"):
        pictures.read_labels(saved(NOISE, "rgb.png"))


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="float64 has no known white"):
        pictures.as_rgb(np.zeros((8, 8, 3)))
    for shape in ((8, 8, 2), (0, 8, 3), (8,)):
        with pytest.raises(ValueError, match=rf"not {re.escape(str(shape))}"):
            pictures.as_rgb(np.zeros(shape, np.uint8))


def test_shrinking_bounds_the_longer_side():
    small, scale = shrink(NOISE, 32)
    assert small.shape == (32, 24, 3) and scale == 0.5
    np.testing.assert_allclose(small.mean(), NOISE.mean(), atol=1)  # an average over areas
    same, scale = shrink(NOISE, 64)
    assert same is NOISE and scale == 1.0
    assert shrink(NOISE[:, :1], 4)[0].shape == (4, 1, 3)
