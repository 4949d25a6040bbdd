"""Pictures from files as arrays of known shape and type, by Pillow."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from data.core.cards import DataError

# Where an aligned crop of 112 pixels has the five points, x y: the template of Deng et al.,
# ArcFace, CVPR 2019, with which networks for faces are trained.
FIVE_IN_112 = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
     [70.7299, 92.2041]], np.float32
)  # fmt: skip


class PictureError(DataError, ValueError):
    """A file is missing, damaged, or not the picture that it should be."""


def read(path: str | Path, *, upright: bool = True) -> np.ndarray:
    """Read a picture from a file as (h, w, 3) uint8 RGB.

    The file may hold grey, a palette, transparent pixels, or 16 bits, of which the higher eight
    stay. ``upright`` turns the picture as its EXIF entry says; otherwise it stays as stored, as
    masks are often drawn.

    Raises
    ------
    PictureError
        It is no picture, a damaged or missing one, or one of floats.
    """
    return _read(path, lambda picture: _of_pillow(picture, upright))


def _of_pillow(picture: Image.Image, upright: bool = True) -> np.ndarray:
    if picture.mode == "F":
        raise ValueError("it holds floats, and which of them is white is not written in it")
    picture = ImageOps.exif_transpose(picture) if upright else picture
    if not picture.mode.startswith("I"):  # "I;16"; "I" where Pillow reads older files
        return np.array(picture.convert("RGB"))
    return as_rgb(np.asarray(picture).astype(np.uint16))


def read_sized(path: Path, height: int, width: int) -> np.ndarray:
    """Read a picture of (height, width, 3) uint8; another size is a PictureError as well."""
    image = read(path)
    if image.shape[:2] != (height, width):
        size = f"{image.shape[1]}x{image.shape[0]}"
        raise PictureError(f"{path}: expected {width}x{height} pixels, found {size}")
    return image


def read_mask(path: Path, shape: Sequence[int], values: Iterable[int]) -> np.ndarray:
    """Read a mask, (h, w) uint8: the numbers that a picture stores, one a pixel.

    Nothing is converted: the indices of a palette stay indices. A mask of another height and width
    than ``shape``, or with labels that are none of ``values``, is a PictureError as well. (A mask
    that was scaled by interpolation, or saved as JPEG, has labels between the true ones.)
    """
    mask = _read(path, np.asarray)
    if mask.shape != tuple(shape[:2]):
        size = f"{shape[1]}x{shape[0]} pixels with one number each"
        raise PictureError(f"{path}: expected {size}, found an array {mask.shape}")
    labels: list[int] = np.unique(mask).tolist()
    foreign = sorted(set(labels) - set(values))
    if foreign:
        raise PictureError(f"{path}: expected labels of {sorted(values)}, found {foreign[:8]}")
    return mask.astype(np.uint8)


def pictures_in(folder: Path, endings: Sequence[str] = (".jpg",)) -> list[Path]:
    """Return the pictures of a folder, sorted, without hidden files; none is a DataError."""
    paths = sorted(path for path in folder.glob("[!.]*") if path.suffix.lower() in endings)
    if not paths:
        raise DataError(f"{folder}: expected pictures ({', '.join(endings)}), found none")
    return paths


def as_rgb(image: np.ndarray | Image.Image) -> np.ndarray:
    """Return a picture as (h, w, 3) uint8 RGB.

    Takes uint8 or uint16, grey (h, w) or (h, w, 1), RGB or RGBA, and pictures of Pillow, which are
    turned upright as ``read`` does. A picture of floats is a ValueError: which of them is white is
    not known.
    """
    if isinstance(image, Image.Image):
        return _of_pillow(image)
    image = np.asarray(image)
    if image.dtype.kind in "US":
        raise ValueError(f"{image} is text, not a picture: open the file with utils.pictures.read.")
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.dtype != np.uint8:
        raise ValueError(
            f"a picture of {image.dtype} has no known white; convert it first, "
            "for floats in 0..1 by (image * 255).round().astype(numpy.uint8)."
        )
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or 0 in image.shape:
        raise ValueError(f"a picture is (h, w), (h, w, 3) or (h, w, 4), not {image.shape}.")
    rgb = np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image[..., :3]
    return np.ascontiguousarray(rgb)


def similarity(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the turn, scale and shift (2, 3) that bring points (n, 2) nearest to a target (n, 2).

    With points as complex numbers a similarity is w = a z + b, and least squares in closed form.
    Apply it as ``points @ matrix[:, :2].T + matrix[:, 2]``, to pictures with ``cv2.warpAffine``.
    """
    if (points == points[0]).all():
        raise ValueError(f"all points lie at {points[0]}: give two different ones at least.")
    z, w = points @ [1, 1j], target @ [1, 1j]
    from_middle = z - z.mean()
    a = (from_middle.conj() @ (w - w.mean())) / (from_middle.conj() @ from_middle).real
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def _read(path: str | Path, convert: Callable[[Any], np.ndarray]) -> np.ndarray:
    """Open a picture and convert it; an error names the picture."""
    try:
        with Image.open(path) as picture:
            return convert(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        is_heic = str(path).lower().endswith((".heic", ".heif"))
        reason = "export it as JPEG, this format is not read" if is_heic else error
        raise PictureError(f"{path} cannot be read as a picture: {reason}") from error
