"""Reading pictures: what files hold, how broken ones are named, and arrays of one shape."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageFile

from utils import pictures

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


def turned_exif():
    """Return an EXIF entry of a camera that was held upright: turn clockwise."""
    turn = Image.Exif()
    turn[0x0112] = 6
    return turn


def test_pictures_are_read_upright_and_as_rgb(saved):
    wide = np.zeros((20, 40, 3), np.uint8)
    wide[:5, :5, 0] = 255
    for name, options in (("plain.png", {}), ("turned.png", {"exif": turned_exif()})):
        picture = pictures.read(saved(wide, name, **options))
        assert picture.dtype == np.uint8 and picture.shape[2] == 3
        corner = picture[2, -3] if options else picture[2, 2]
        assert picture.shape[:2] == ((40, 20) if options else (20, 40))
        assert corner.tolist() == [255, 0, 0]
    stored = pictures.read(saved(wide, "turned.png", exif=turned_exif()), upright=False)
    np.testing.assert_array_equal(stored, wide, strict=True)


def test_grey_transparent_and_16_bit_files_become_rgb(saved):
    np.testing.assert_array_equal(pictures.read(saved(GREY, "grey.png"))[..., 1], GREY)
    deep = pictures.read(saved(GREY.astype(np.uint16) * 257, "deep.png"))
    np.testing.assert_array_equal(deep[..., 2], GREY, strict=True)
    rgba = np.dstack([GREY] * 4)
    assert pictures.read(saved(rgba, "alpha.png")).shape == (16, 16, 3)


def test_bytes_are_read_like_the_file_that_they_came_from(saved):
    path = saved(NOISE, "noise.jpg")
    data = path.read_bytes()
    np.testing.assert_array_equal(pictures.read(data), pictures.read(path), strict=True)
    with pytest.raises(ValueError, match=r"faces.zip: a.jpg cannot be read as a picture"):
        pictures.read(data[:100], name="faces.zip: a.jpg")
    with pytest.raises(ValueError, match="the picture cannot be read as a picture"):
        pictures.read(b"")


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


def test_what_is_there_of_a_file_that_ends_too_early_can_be_salvaged(saved, tmp_path):
    smooth = np.tile(np.linspace(0, 255, 128).astype(np.uint8)[:, None, None], (1, 128, 3))
    whole = saved(smooth, "whole.jpg")
    half = tmp_path / "half.jpg"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 4])
    with pytest.raises(ValueError, match="half.jpg"):
        pictures.read(half)
    found = pictures.read(half, salvage=True)
    assert found.shape == smooth.shape
    np.testing.assert_array_equal(found[:32], pictures.read(whole)[:32])
    assert len(np.unique(found[-1])) == 1  # the rest is an even grey
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    half.write_bytes(b"no picture")
    with pytest.raises(ValueError, match="half.jpg"):
        pictures.read(half, salvage=True)
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


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
    np.testing.assert_array_equal(pictures.read_labels(saved(GREY, "a.png")), GREY, strict=True)
    palette = Image.fromarray(GREY % 4)
    palette.putpalette([0, 0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200])
    assert palette.mode == "P"
    found = pictures.read_labels(saved(palette, "palette.png"))
    np.testing.assert_array_equal(found, GREY % 4, strict=True)
    bits = pictures.read_labels(saved(Image.fromarray(GREY > 99), "bits.png"))
    np.testing.assert_array_equal(bits, (GREY > 99).astype(np.uint8), strict=True)
    deep = GREY.astype(np.uint16) + 1000
    np.testing.assert_array_equal(pictures.read_labels(saved(deep, "d.png")), deep, strict=True)
    with pytest.raises(ValueError, match=r"rgb\.png .* one number a pixel, this file has RGB"):
        pictures.read_labels(saved(NOISE, "rgb.png"))


def test_arrays_of_other_kinds_are_converted():
    alpha = np.dstack([NOISE, np.full(NOISE.shape[:2], 255, np.uint8)])
    np.testing.assert_array_equal(pictures.as_rgb(alpha), NOISE, strict=True)
    deep = NOISE.astype(np.uint16) * 257
    np.testing.assert_array_equal(pictures.as_rgb(deep), NOISE, strict=True)
    for grey in (NOISE[..., 1], NOISE[..., 1:2]):
        found = pictures.as_rgb(grey)
        np.testing.assert_array_equal(found, np.dstack([NOISE[..., 1]] * 3), strict=True)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((8, 8, 3)), "float64 has no known white"),
        (np.zeros((8, 8, 2), np.uint8), r"not \(8, 8, 2\)"),
        (np.zeros((0, 8, 3), np.uint8), r"not \(0, 8, 3\)"),
        (np.zeros(8, np.uint8), r"not \(8,\)"),
    ],
)
def test_what_is_no_picture_is_refused(image, message):
    with pytest.raises(ValueError, match=message):
        pictures.as_rgb(image)


def test_shrinking_bounds_the_longer_side():
    small, scale = pictures.shrink(NOISE, 32)
    assert small.shape == (32, 24, 3) and scale == 0.5
    np.testing.assert_allclose(small.mean(), NOISE.mean(), atol=1)  # an average over areas
    same, scale = pictures.shrink(NOISE, 64)
    assert same is NOISE and scale == 1.0
    assert pictures.shrink(NOISE[:, :1], 4)[0].shape == (4, 1, 3)


def test_the_module_imports_no_framework():
    code = (
        "import sys, utils.pictures; "
        "print({'tensorflow', 'dlib', 'cv2', 'utils.faces', 'utils.data'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of what it skips
def test_any_broken_file_is_a_value_error():
    """Cut or altered anywhere, a file is read or refused, and never fails in another way."""
    rng = np.random.default_rng(0)
    for kind in ("png", "jpeg", "gif", "bmp", "tiff", "webp"):
        whole = io.BytesIO()
        Image.fromarray(NOISE).save(whole, kind)
        for trial in range(40):
            data = np.frombuffer(whole.getvalue(), np.uint8).copy()
            if trial % 2:
                data = data[: rng.integers(1, len(data))]
            else:
                data[rng.integers(0, min(len(data), 400), 3)] = rng.integers(0, 256, 3)
            try:
                assert pictures.read(data.tobytes()).dtype == np.uint8
            except ValueError as error:
                assert "the picture cannot be read as a picture" in str(error)
