"""What readers of folders of pictures share: what lies in a folder, one size, parts with labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from data.core import pictures
from data.core.cards import DataError
from data.core.record import Record


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LabelledPictures(Record):
    """Pictures of one size with a label each; a picture belongs to one of `PARTS`."""

    PARTS: ClassVar[tuple[str, ...]] = ()

    images: np.ndarray
    labels: np.ndarray
    part: np.ndarray

    def split(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the images and labels of one of `PARTS`; another part is a ValueError."""
        chosen = self.part == known_part(part, self.PARTS)
        return self.images[chosen], self.labels[chosen]


def known_part(part: str, parts: Sequence[str]) -> str:
    """Return the name of a part; a ValueError names those there are."""
    if part not in parts:
        raise ValueError(f"part {part!r} is not one of {', '.join(parts)}")
    return part


def listed(folder: Path, layout: str, endings: Sequence[str] = (".jpg",)) -> list[Path]:
    """Return the pictures of a folder, sorted; hidden files are left out.

    Where there is none, a DataError says the ``layout`` that was expected.
    """
    if not folder.is_dir():
        raise DataError(f"{folder} is missing: {layout}")
    found = sorted(path for path in folder.glob("[!.]*") if path.suffix.lower() in endings)
    if not found:
        raise DataError(f"{folder}: expected pictures ({', '.join(endings)}), found none: {layout}")
    return found


def sized(source: Path | bytes, side: int, name: str | None = None) -> np.ndarray:
    """Read a picture of (side, side, 3) uint8; a DataError tells of another size."""
    image = pictures.read(source, name=name)
    if image.shape != (side, side, 3):
        raise DataError(
            f"{name or str(source)}: expected {side}x{side} pixels, found "
            f"{image.shape[1]}x{image.shape[0]}; scale the pictures first"
        )
    return image
