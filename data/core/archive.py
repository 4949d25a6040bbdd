"""Archives, which are unpacked whole or not at all."""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from data.core.cards import DataError
from data.core.files import temporary_path

DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
)


class UnsafeArchive(DataError):
    """An archive is damaged, or would write outside its folder."""


def unpack(archives: list[Path], folder: Path) -> None:
    """Unpack zip or tar archives into one new folder, which appears once everything is in it.

    Raises
    ------
    UnsafeArchive
        An archive is damaged, or a member is a device or leads out of the folder. The message
        names both, and nothing is left behind.
    """
    with temporary_path(folder) as part:
        part.mkdir(parents=True)
        for archive in archives:
            try:
                _unpack(archive, part)
            except DAMAGED as error:
                raise UnsafeArchive(f"{archive} cannot be unpacked: {error}") from error


def _unpack(archive: Path, folder: Path) -> None:
    # A tar that holds a zip would pass for a zip, so tar is tried first.
    if tarfile.is_tarfile(archive):
        with tarfile.open(archive) as packed:
            _unpack_tar(packed, folder)
        return
    with zipfile.ZipFile(archive) as packed_zip:
        for name in packed_zip.namelist():
            path = PurePosixPath(name.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts:
                raise UnsafeArchive(f"{archive}: member {name!r} leads out of the folder")
        packed_zip.extractall(folder)


def _unpack_tar(packed: tarfile.TarFile, folder: Path) -> None:
    if hasattr(tarfile, "data_filter"):
        packed.extractall(folder, filter="data")  # refuses what leads out of the folder
        return
    for member in packed:  # Python 3.11.0 to 3.11.3 has no filters
        is_plain = member.isfile() or member.isdir()
        if not is_plain or not (folder / member.name).resolve().is_relative_to(folder.resolve()):
            raise tarfile.ExtractError(f"{member.name!r} is a link, a device or outside the folder")
    packed.extractall(folder)
