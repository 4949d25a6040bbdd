"""Archives unpacked with suspicion: what comes from elsewhere may be broken or hostile."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from data.core.cards import DataError

MAX_BYTES = 4 * 1024**3
MAX_MEMBERS = 300_000
_CHUNK = 1 << 16
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class UnsafeArchive(DataError):
    """An archive would write outside its folder, or holds what no data set needs."""


@dataclass(frozen=True)
class _Member:
    name: str
    is_folder: bool
    open: Callable[[], IO[bytes]]


def unpack(
    archive: Path | str,
    folder: Path | str,
    max_bytes: int = MAX_BYTES,
    max_members: int = MAX_MEMBERS,
) -> Path:
    """Unpack a zip or tar archive into a new folder.

    The folder appears when everything is in it. Links, devices, absolute paths, ``..``,
    duplicate names, and more bytes or members than allowed are refused.

    Parameters
    ----------
    archive : Path
        A .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz file.
    folder : Path
        Must not exist yet.
    max_bytes, max_members : int
        Bounds over the whole archive, counted while writing: headers may lie.

    Raises
    ------
    UnsafeArchive
        Names the archive, the member and the reason. Nothing is left behind.
    """
    return unpack_all([Path(archive)], Path(folder), max_bytes, max_members)


def unpack_all(
    archives: list[Path],
    folder: Path,
    max_bytes: int = MAX_BYTES,
    max_members: int = MAX_MEMBERS,
    finish: Callable[[Path], None] | None = None,
) -> Path:
    """Unpack archives into one new folder, which appears when all of them are in it.

    ``finish`` is called with the folder before it gets its name.
    """
    if folder.exists():
        raise DataError(f"{folder} exists already: nothing is unpacked over it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.parent / f".{folder.name}.{os.getpid()}-{secrets.token_hex(4)}"
    temporary.mkdir()
    try:
        for archive in archives:
            _unpack_into(archive, temporary, max_bytes, max_members)
        if finish is not None:
            finish(temporary)
        os.replace(temporary, folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return folder


def extract_member(archive: Path, member: str, target: Path, max_bytes: int = MAX_BYTES) -> None:
    """Write one member of an archive to a file that is there already (a temporary one)."""
    try:
        for found in _members(archive):
            if found.name.removeprefix("./") == member and not found.is_folder:
                with open(target, "wb") as sink:
                    _copy(archive, found, sink, max_bytes)
                return
    except _BROKEN as error:
        raise _unsafe(archive, member, f"the archive cannot be read ({error})") from error
    raise DataError(f"{archive} holds no {member}")


def _unpack_into(archive: Path, folder: Path, max_bytes: int, max_members: int) -> None:
    left = max_bytes
    seen: set[str] = set()
    name = "-"
    try:
        for number, member in enumerate(_members(archive), start=1):
            name = member.name
            if number > max_members:
                raise _unsafe(archive, name, f"more than {max_members:,} members")
            target = folder.joinpath(*_safe_parts(archive, name))
            if member.is_folder:
                target.mkdir(parents=True, exist_ok=True)
                continue
            key = str(target).casefold()  # two names that some systems hold for one
            if key in seen:
                raise _unsafe(archive, name, "the name stands twice")
            seen.add(key)
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as sink:
                left -= _copy(archive, member, sink, left)
    except _BROKEN as error:
        raise _unsafe(archive, name, f"it cannot be read ({error})") from error
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise _unsafe(archive, name, "a file and a folder share a name") from error


def _copy(archive: Path, member: _Member, sink: IO[bytes], left: int) -> int:
    """Copy one member, counting its bytes; return how many there were."""
    written = 0
    with member.open() as source:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > left:
                raise _unsafe(archive, member.name, "it unpacks to more bytes than are allowed")
            sink.write(chunk)
    return written


def _members(archive: Path) -> Iterator[_Member]:
    if tarfile.is_tarfile(archive):  # first: a tar that holds a zip would pass for a zip
        yield from _tar_members(archive)
    elif zipfile.is_zipfile(archive):
        yield from _zip_members(archive)
    else:
        raise _unsafe(archive, "-", "it is neither a zip nor a tar archive")


def _tar_members(archive: Path) -> Iterator[_Member]:
    with tarfile.open(archive, "r:*") as packed:
        for info in packed:
            if not (info.isfile() or info.isdir()):
                raise _unsafe(archive, info.name, "it is a link or a device")
            yield _Member(info.name, info.isdir(), lambda info=info: packed.extractfile(info))


def _zip_members(archive: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise _unsafe(archive, info.filename, "it is a link or a device")
            yield _Member(info.filename, info.is_dir(), lambda info=info: packed.open(info))


def _safe_parts(archive: Path, name: str) -> tuple[str, ...]:
    """Return the parts of a member's name, refusing those that lead out of the folder."""
    if "\\" in name or "\0" in name:
        raise _unsafe(archive, name, "its name holds a backslash or a zero byte")
    path = PurePosixPath(name)
    if path.is_absolute() or name[1:2] == ":":
        raise _unsafe(archive, name, "its path is absolute")
    if ".." in path.parts:
        raise _unsafe(archive, name, "its path leads out of the folder")
    return path.parts


def _unsafe(archive: Path, member: str, reason: str) -> UnsafeArchive:
    return UnsafeArchive(f"{archive}: member {member!r} is refused: {reason}")
