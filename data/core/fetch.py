"""Files of the data cards: from the local data folder, from the user's cache, or downloaded.

The local data folder is the one that COURSE_DATA_DIR names: it has a folder an entry. A file is
compared with the checksum of its card each time a reader asks for it. Where the card has none, the
file is taken from the local data folder, whose owner is trusted, and is never downloaded. Downloads
are pooch's: a file gets its name once its checksum is right.
"""

import contextlib
import hashlib
import os
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock
from tqdm import tqdm

from data.core.cards import DataError, Entry, File
from data.core.files import cache_dir, temporary_path
from data.core.progress import DELAY, bar

# By the status of an entry, why a file without an address cannot be had.
REASONS = {
    "download": "its data card knows no address of it",
    "on request": "its owners give it on request only",
    "withdrawn": "it has been withdrawn by its owners",
}


class DataUnavailable(DataError):
    """Nothing serves a file: no local data folder, no cache, no download."""


class ChecksumError(DataError):
    """A file is not what it should be."""


class Files:
    """The files of one entry as its reader asks for them, each one checked.

    ``source`` is "local", "cache" or "download": of the places that files came from, the farthest.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry, self.source = entry, "local"

    def path(self, file: str | None = None) -> Path:
        """Return one file; without a name the first, which is the only one of many entries.

        Raises DataUnavailable if it is neither in the local data folder nor in the cache and cannot
        be downloaded, ChecksumError if it is there but is not the official file.
        """
        item = self.entry.file(file or self.entry.files[0].name)
        return _local_file(self.entry, item) or self._cached(item)

    def _cached(self, item: File) -> Path:
        """Return one file of the cache; download it where the cache does not hold it."""
        path = _cache(self.entry) / item.name
        if not has_checksum(path, item.checksum):
            if not (item.urls and item.checksum):
                raise DataUnavailable(unavailable(self.entry, item))
            with _locked(path):
                if not has_checksum(path, item.checksum):  # no other process has it meanwhile
                    _download(self.entry, item, path)
                    self.source = "download"
        if self.source == "local":
            self.source = "cache"
        return path

    def folder(self) -> Path:
        """Return the folder of the entry: the local one where it is whole, else one in the cache.

        A local data folder may hold the archives instead of what is in them.
        """
        entry = self.entry
        if folder := local_tree(entry):
            return folder
        if not entry.files:
            raise DataUnavailable(unavailable(entry))
        if entry.archives:
            archives = [self.path(item.name) for item in entry.archives]
            return _unpacked(entry, archives) / (entry.root or "")
        # First what the local folder lacks, so that an error names such a file.
        for item in sorted(entry.files, key=lambda item: at_hand(entry, item) == "local"):
            self._cached(item)
        return _cache(entry)


def data_folder() -> Path | None:
    """Return the local data folder, which COURSE_DATA_DIR names; None where that is not set."""
    value = os.environ.get("COURSE_DATA_DIR", "").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise DataError(
            f"COURSE_DATA_DIR names {value}, which is not a folder. "
            "Correct it, or unset it to use the cache and downloads."
        )
    return folder


def local_folder(entry: Entry) -> Path | None:
    """Return the folder of an entry in the local data folder, None where it is not there."""
    parent = data_folder()
    folder = parent and parent / entry.local_folder
    return folder if folder and folder.is_dir() else None


def local_tree(entry: Entry) -> Path | None:
    """Return the local folder of an entry if a reader can use it as it is, else None.

    The folder of an entry without archives has all its files. That of an entry with archives has
    them unpacked: it holds what the card knows them by, and not all of the archives.
    """
    folder = local_folder(entry)
    if folder is None:
        return None
    listed = [folder / item.path for item in entry.archives or entry.files]
    is_whole = bool(listed) and all(path.is_file() for path in listed)
    if not entry.files or entry.archives:
        found = {path for pattern in entry.known_by for path in folder.glob(pattern)}
        is_whole = not is_whole and bool(found - {*listed})
    return folder if is_whole else None


def at_hand(entry: Entry, item: File) -> str | None:
    """Return where a file lies already, "local" or "cache", or None; no checksum is computed."""
    folder = local_folder(entry)
    if folder and any((folder / name).is_file() for name in (item.path, item.inside) if name):
        return "local"
    return "cache" if item.checksum and (_cache(entry) / item.name).is_file() else None


def is_at_hand(entry: Entry) -> bool:
    """Return whether a set needs no download; no checksum is computed."""
    files = [at_hand(entry, item) for item in entry.archives or entry.files]
    return local_tree(entry) is not None or (bool(files) and all(files))


def _cache(entry: Entry) -> Path:
    return cache_dir() / entry.name


def _unpacked(entry: Entry, archives: list[Path]) -> Path:
    """Return the folder of the cache into which archives are unpacked: once, where they stay.

    It appears once everything is in it.
    """
    digest = hashlib.sha256()
    for path in archives:
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    tree = _cache(entry) / f"unpacked-{digest.hexdigest()[:16]}"
    if not tree.is_dir():
        with _locked(tree):
            if not tree.is_dir():  # no other process has unpacked them meanwhile
                with temporary_path(tree) as part:
                    for path in archives:
                        _unpack(path, part)
    return tree


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a zip or tar archive; nothing is written outside the folder."""
    is_zip, size = path.suffix == ".zip", path.stat().st_size
    opened: Any = zipfile.ZipFile if is_zip else partial(tarfile.open, None, "r")
    # Python 3.11.0 to 3.11.3 has no filters.
    options: Any = {"filter": "data"} if not is_zip and hasattr(tarfile, "data_filter") else {}
    try:
        with (
            open(path, "rb") as file,
            bar(size, f"unpacking {path.name}", "B", delay=DELAY) as progress,
            opened(file) as archive,
        ):
            members = archive.namelist() if is_zip else archive
            for name in members if is_zip else ():  # of a tar, the filter says so
                if name.startswith("/") or ".." in name.split("/"):
                    raise DataError(f"{name} would lie outside of it")
            archive.extractall(folder, _followed(members, file, progress), **options)
    except Exception as error:  # each format has its own ones for a damaged archive
        raise DataError(f"{path} cannot be unpacked: {error}") from error


def _followed(members: Iterable[Any], file: BinaryIO, progress: tqdm) -> Iterator[Any]:
    """Yield members of an archive, and let a bar say how much of its file has been read."""
    for member in members:
        yield member
        progress.update(max(0, file.tell() - progress.n))
    progress.update(progress.total - progress.n)


def _local_file(entry: Entry, item: File) -> Path | None:
    """Return the checked copy of a file in the local data folder, None where it has none."""
    folder = local_folder(entry)
    if folder is None:
        return None
    path = folder / item.path
    if item.inside and not path.is_file() and (folder / item.inside).is_file():
        path = next(_unpacked(entry, [folder / item.inside]).rglob(item.name), path)
    if not path.is_file():
        return None
    known = [checksum for checksum in (item.local_checksum, item.checksum) if checksum]
    if known and not any(has_checksum(path, checksum) for checksum in known):
        raise ChecksumError(
            f"{path} is not the file that its data card knows: copy it again. "
            f"Its checksum is not {' or '.join(known)}."
        )
    return path


def has_checksum(path: Path, checksum: str | None) -> bool:
    """Return whether a file is there and has a checksum, such as ``File.checksum``."""
    import pooch

    algorithm, _, digest = (checksum or "").partition(":")
    return bool(digest) and path.is_file() and pooch.file_hash(str(path), algorithm) == digest


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time make a file of the cache; an error says what is wrong with it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            yield
    except OSError as error:
        raise DataError(
            f"the cache folder {path.parent} takes no files ({error.strerror or error}). "
            "Name another one that does: COURSE_CACHE_DIR=/some/folder"
        ) from error


def _download(entry: Entry, item: File, path: Path) -> None:
    """Download a file from the first address that serves the one that its card knows."""
    import pooch
    import requests

    reasons, wrong = [], False
    for url in item.urls:
        # pooch says how large the file is once the server has told it.
        followed = bar(item.size or 1, f"downloading {item.name}", "B", delay=DELAY)
        try:
            with followed:
                pooch.retrieve(url, item.checksum, path.name, path.parent, progressbar=followed)
        except OSError as error:
            if error.errno is not None and not isinstance(error, requests.RequestException):
                raise  # it is the cache's
            reasons.append(f"{url}: {_reason(error)}")
        except ValueError as error:
            wrong = True
            reasons.append(f"{url} is not the file it should be: {error}")
        else:
            path.chmod(0o644)  # pooch gives it to its owner alone, and a class may share a cache
            return
    reason = f"the download failed ({'; '.join(reasons)})"
    if wrong:
        hint = "A log-in page of the network can cause this; if it stays, report it."
        raise ChecksumError(f"{entry.name}: {item.name}: {reason}.\n{hint}")
    raise DataUnavailable(unavailable(entry, item, reason))


def _reason(error: OSError) -> str:
    """Return in a few words why an address served nothing."""
    import requests

    answer = getattr(error, "response", None)  # None where no server answered
    status = type(error).__name__ if answer is None else str(answer.status_code)
    if isinstance(error, requests.RequestException) and status != "SSLError":
        return status
    # requests asks these for certificates, and raises a plain OSError where one leads nowhere.
    names = [name for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if os.environ.get(name)]
    used = f"{names[0]}={os.environ[names[0]]}" if names else "REQUESTS_CA_BUNDLE is not set"
    return f"no certificate that fits it ({used}: let it name your network's file of certificates)"


def unavailable(entry: Entry, item: File | None = None, reason: str | None = None) -> str:
    """Return the message of DataUnavailable: the file, the reason, and what helps."""
    from rich.filesize import decimal

    what, where = entry.name, f"COURSE_DATA_DIR/{entry.local_folder}/{entry.known_by[0]}"
    known = REASONS[entry.status] + (f", see {entry.homepage}" if entry.homepage else "")
    if item is not None:
        what += f": {item.name}" + (f" ({decimal(item.size)})" if item.size else "")
        where = f"COURSE_DATA_DIR/{entry.local_folder}/{item.path}"
        if item.urls:
            what += f" from {item.urls[0]}"
            known = "its checksum is not known, so look at the address and download it yourself"
    now = os.environ.get("COURSE_DATA_DIR") or "not set"
    helps = [f"a local data folder that holds it as {where} (COURSE_DATA_DIR is {now})"]
    if not entry.packed:  # the course brings those, and asks for this file only to pack them again
        helps.append(
            'the sample in its place: no --data real, or data="sample" in the settings cell, or '
            f"COURSE_DATA=sample ({entry.sample})"
        )
    listed = ";\n".join(f"  - {text}" for text in helps)
    return f"{what} cannot be had: {reason or known}.\nWhat helps:\n{listed}."
