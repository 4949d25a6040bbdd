"""Archives unpacked with suspicion: what comes from elsewhere may be broken or hostile."""

from __future__ import annotations

import contextlib
import lzma
import os
import secrets
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from data.core.cards import DataError

MAX_BYTES = 4 * 1024**3
MAX_MEMBERS = 300_000
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError)
_COLLISION = (FileExistsError, NotADirectoryError, IsADirectoryError)


class UnsafeArchive(DataError):
    """An archive would write outside its folder, or holds what no data set needs."""


class _Member(NamedTuple):
    name: str
    size: int  # unpacked; neither library writes more than it
    is_folder: bool
    is_file: bool
    open: Callable[[], Any]  # the bytes of a file
    extract: Callable[..., object]


def unpack(
    archives: list[Path],
    folder: Path,
    max_bytes: int = MAX_BYTES,
    max_members: int = MAX_MEMBERS,
    finish: Callable[[Path], None] | None = None,
) -> Path:
    """Unpack zip or tar archives into one new folder, which appears when everything is in it.

    Links, devices, absolute paths, ``..``, names that stand twice in an archive, and more bytes or
    members than allowed are refused.

    Parameters
    ----------
    archives : list of Path
        .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz files.
    folder : Path
        Must not exist yet.
    max_bytes, max_members : int
        Bounds of each archive.
    finish : callable, optional
        Called with the folder before it gets its name.

    Raises
    ------
    UnsafeArchive
        Names the archive, the member and the reason. Nothing is left behind.
    """
    if folder.exists():
        raise DataError(f"{folder} exists already: nothing is unpacked over it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.parent / f".{folder.name}.{os.getpid()}-{secrets.token_hex(4)}"
    temporary.mkdir()
    try:
        for archive in archives:
            _unpack(archive, temporary, max_bytes, max_members)
        if finish is not None:
            finish(temporary)
        os.replace(temporary, folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return folder


def extract_member(archive: Path, name: str, target: Path, max_bytes: int = MAX_BYTES) -> None:
    """Write one member of an archive to a file that is there already (a temporary one)."""
    for member in _members(archive):
        if member.name.removeprefix("./") == name and member.is_file:
            if member.size > max_bytes:
                raise _refused(archive, name, f"it unpacks to {member.size:,} bytes")
            with _told(archive, name), member.open() as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink)
            return
    raise DataError(f"{archive} holds no {name}")


def _unpack(archive: Path, folder: Path, max_bytes: int, max_members: int) -> None:
    total = 0
    seen: set[str] = set()
    for number, member in enumerate(_members(archive), start=1):
        name, total = member.name, total + member.size
        key = str(PurePosixPath(name)).casefold()  # some systems hold a.txt and A.TXT for one name
        if number > max_members:
            raise _refused(archive, name, f"more than {max_members:,} members")
        if total > max_bytes:
            raise _refused(archive, name, f"up to it there are more than {max_bytes:,} bytes")
        if not (member.is_file or member.is_folder):
            raise _refused(archive, name, "it is a link or a device")
        if name.startswith("/") or "\\" in name or name[1:2] == ":" or ".." in name.split("/"):
            raise _refused(archive, name, "its path leads out of the folder")
        if member.is_file and key in seen:
            raise _refused(archive, name, "the name stands twice")
        seen.add(key)
        with _told(archive, name):
            if member.is_folder:  # before Python 3.11.4, tarfile makes it for its owner alone
                (folder / name).mkdir(parents=True, exist_ok=True)
            else:
                member.extract(path=folder)


def _members(archive: Path) -> Iterator[_Member]:
    """Yield what an archive holds, in its order; a tar is read once, from its front to its end."""
    if tarfile.is_tarfile(archive):  # first: a tar that holds a zip would pass for a zip
        with _told(archive), tarfile.open(archive) as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4
            for info in packed:
                opened = partial(packed.extractfile, info)
                extract = partial(packed.extract, info, set_attrs=False)
                yield _Member(info.name, info.size, info.isdir(), info.isfile(), opened, extract)
    elif zipfile.is_zipfile(archive):
        with _told(archive), zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                plain = stat.S_IFMT(entry.external_attr >> 16) in (0, stat.S_IFREG, stat.S_IFDIR)
                kinds = plain and entry.is_dir(), plain and not entry.is_dir()
                actions = partial(packed.open, entry), partial(packed.extract, entry)
                yield _Member(entry.filename, entry.file_size, *kinds, *actions)
    else:
        raise _refused(archive, "-", "it is neither a zip nor a tar archive")


@contextlib.contextmanager
def _told(archive: Path, member: str = "-") -> Iterator[None]:
    """Turn what the libraries say of a damaged archive into one error that names it."""
    try:
        yield
    except _COLLISION as error:
        raise _refused(archive, member, "a file and a folder share a name") from error
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # a full disk: the archive may be right
        raise _refused(archive, member, f"it cannot be read ({error})") from error


def _refused(archive: Path, member: str, reason: str) -> UnsafeArchive:
    return UnsafeArchive(f"{archive}: member {member!r} is refused: {reason}")
