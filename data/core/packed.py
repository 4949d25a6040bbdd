"""Packed sets: the values of a real set in a file of the course's own making, beside its card.

A set whose licence allows it, and which is small, is committed whole. The module ``pack`` in its
folder reads the official files and writes the packed file; the reader of the set reads that one
alone, so it needs neither a network nor the official files. The card knows the checksum of the
packed file, and a changed one is an error.
"""

import hashlib
import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

from data.core import cards
from data.core.cards import DataError, Entry
from data.core.fetch import ChecksumError, DataUnavailable, Files
from data.core.files import write_bytes

DATE = (1980, 1, 1, 0, 0, 0)  # of every array in a file: the same values make the same bytes


def read_bytes(entry: Entry) -> bytes:
    """Return the content of the packed file of a set.

    Raises
    ------
    DataUnavailable
        It is not there.
    ChecksumError
        It is not the file that the card knows.
    """
    name = path_text(entry)
    help_ = f"Get it back with `git checkout {name}`, or make it with `python -m data.{entry.name}"
    help_ += ".pack`; in a release, unpack the zip of the unit that uses it once more."
    path = entry.folder / str(entry.packed)
    if not path.is_file():
        raise DataUnavailable(f"{name} is missing. {help_}")
    content = path.read_bytes()
    if checksum(content) != entry.packed_checksum:
        raise ChecksumError(f"{name} was changed: its checksum is not that of its card. {help_}")
    return content


def read_arrays(entry: Entry) -> dict[str, np.ndarray]:
    """Return the arrays of a packed file that `arrays_as_bytes` made; errors as `read_bytes`."""
    with np.load(io.BytesIO(read_bytes(entry)), allow_pickle=False) as arrays:
        return dict(arrays)


def arrays_as_bytes(**arrays: np.ndarray) -> bytes:
    """Return the content of a file that ``numpy.load`` reads: each array under its name.

    Arrays are not compressed, because not every version of zlib makes the same bytes; git and the
    zip of a release compress them anyway. Dates and systems are left out for the same reason.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", DATE)
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, member.getvalue())
    return content.getvalue()


def main(name: str, official: Callable[[Files], Any], pack: Callable[[Any], bytes]) -> None:
    """Write the packed file of a set: ``python -m data.cora.pack``.

    ``official`` makes a record of the official files, ``pack`` makes the packed file of a record.
    What is printed says whether the card knows the file. Where an official file cannot be had, the
    program ends with a message.
    """
    entry = cards.get(name)
    try:
        content = pack(official(Files(entry)))
    except DataError as error:
        sys.exit(str(error))
    write_bytes(entry.folder / str(entry.packed), content)
    print(verdict(entry, content))


def verdict(entry: Entry, content: bytes) -> str:
    """Return a line on a packed file that was written: its size, and whether the card knows it."""
    known = checksum(content) == entry.packed_checksum
    says = "as its card says" if known else "which its card must say as packed_checksum"
    return f"{path_text(entry)}: {len(content):,} bytes, {checksum(content)}, {says}"


def path_text(entry: Entry) -> str:
    """Return the path of a packed file below the course's folder, such as data/esol/esol.csv."""
    return f"data/{entry.name}/{entry.packed}"


def checksum(content: bytes) -> str:
    """Return the checksum of a content as cards write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
