"""Pictures from files and archives as arrays of known shape and type, by Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from data.core.cards import DataError

Source = str | Path | bytes  # a file, or what a file holds


class PictureError(DataError, ValueError):
    """A file is no picture, or a damaged one."""


def read(
    source: Source, *, name: str | None = None, upright: bool = True, salvage: bool = False
) -> np.ndarray:
    """Read a picture in colour.

    Parameters
    ----------
    source : str, Path or bytes
        A file, or the bytes of one, as they come out of an archive.
    name : str, optional
        What errors call the picture; its path otherwise.
    upright : bool
        Turn it as its EXIF entry says. Otherwise it stays as stored: masks are often drawn so.
    salvage : bool
        Of a file that ends too early, return what can be read; the rest is grey.

    Returns
    -------
    np.ndarray
        (h, w, 3) uint8 RGB, whatever the file holds: grey, palette, transparent, 16 bits.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    PictureError
        It is no picture, a damaged one, or one of floats; the message names it.
    """
    from PIL import ImageOps

    def convert(picture):
        return as_rgb(_eight_bits(ImageOps.exif_transpose(picture) if upright else picture, "RGB"))

    return _read(source, convert, name, salvage)


def read_square(source: Source, side: int, name: str | None = None) -> np.ndarray:
    """Read a picture of (side, side, 3) uint8; another size is a DataError."""
    image = read(source, name=name)
    if image.shape != (side, side, 3):
        raise DataError(
            f"{name or str(source)}: expected {side}x{side} pixels, found "
            f"{image.shape[1]}x{image.shape[0]}; scale the pictures first"
        )
    return image


def read_grey(source: Source) -> np.ndarray:
    """Read a picture in grey, as stored: an X-ray, or a mask of black and white.

    Takes what `read` takes and raises what it raises; returns (h, w) uint8. Colours are weighted
    by their brightness (ITU-R 601), of 16 bits the higher eight stay, one bit becomes 0 and 255.
    """
    return _read(source, lambda picture: _eight_bits(picture, "L"))


def read_labels(source: Source) -> np.ndarray:
    """Read the numbers that a picture stores, one a pixel: a mask of labels, a trimap.

    Nothing is converted: the indices of a palette stay indices. Takes what `read` takes and raises
    what it raises, for a picture in colour too. Returns (h, w) uint8; of a file with more bits,
    uint16 or int32.
    """

    def convert(picture):
        if len(picture.getbands()) > 1:
            raise ValueError(f"a mask has one number a pixel, this file has {picture.mode}")
        stored = np.asarray(picture)
        return stored.astype(np.uint8) if stored.dtype == bool else stored

    return _read(source, convert)


def pictures_in(folder: Path, layout: str, endings: Sequence[str] = (".jpg",)) -> list[Path]:
    """Return the pictures of a folder, sorted; hidden files are left out.

    Where there is none, a DataError says the ``layout`` that was expected.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is missing: {layout}")
    paths = sorted(path for path in folder.glob("[!.]*") if path.suffix.lower() in endings)
    if not paths:
        raise DataError(f"{folder}: expected pictures ({', '.join(endings)}), found none: {layout}")
    return paths


def as_rgb(image: np.ndarray) -> np.ndarray:
    """Return a picture as (h, w, 3) uint8 RGB.

    Takes uint8 or uint16, grey (h, w) or (h, w, 1), RGB or RGBA. A picture of floats is a
    ValueError: whether its white is 1 or 255 is not written in it.
    """
    image = np.asarray(image)
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


def check_mask(mask: np.ndarray, shape: Sequence[int], values: Iterable[int] | None = None) -> None:
    """Raise a ValueError unless a mask fits its image.

    Parameters
    ----------
    mask : np.ndarray
        (h, w) of integers or bool, a label a pixel.
    shape : sequence of int
        That of the image; its first two numbers are compared.
    values : iterable of int, optional
        The labels that may occur.
    """
    mask = np.asarray(mask)
    if mask.shape != tuple(shape[:2]):
        raise ValueError(
            f"The mask has shape {mask.shape}, its image {tuple(shape[:2])}. Resize it by nearest "
            "neighbour, or look whether it belongs to another image."
        )
    if mask.dtype.kind not in "bui":
        raise ValueError(f"A mask holds labels as integers or bool, not {mask.dtype}.")
    if values is None:
        return
    allowed = sorted({int(value) for value in values})
    foreign = sorted(set(np.unique(mask).tolist()) - set(allowed))
    if foreign:
        raise ValueError(
            f"The mask holds the labels {foreign[:8]} where only {allowed} are known. (A mask that "
            "was scaled by interpolation, or saved as JPEG, has labels between the true ones.)"
        )


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


def _read(
    source: Source,
    convert: Callable[[Any], np.ndarray],
    name: str | None = None,
    salvage: bool = False,
) -> np.ndarray:
    """Open a picture and convert it; an error names the picture."""
    from PIL import Image, ImageFile

    name = name or ("the picture" if isinstance(source, bytes) else str(source))
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as picture:
            if picture.mode == "F":
                raise ValueError("it holds floats, and which of them is white is not written in it")
            return convert(picture)
    except FileNotFoundError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if not salvage:
            raise PictureError(f"{name} cannot be read as a picture: {error}") from error
    before = ImageFile.LOAD_TRUNCATED_IMAGES  # Pillow's switch for the whole process
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        return _read(source, convert, name)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _eight_bits(picture: Any, mode: str) -> np.ndarray:
    """Return the pixels in a mode of Pillow, of 16 bits the higher eight, in grey."""
    if picture.mode.startswith("I"):  # "I;16"; "I" where Pillow reads older files
        return (np.asarray(picture, np.int64) >> 8).clip(0, 255).astype(np.uint8)
    return np.asarray(picture.convert(mode))
