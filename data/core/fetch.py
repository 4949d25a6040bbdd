"""Files of the data cards: from the local data folder, from the user's cache, or downloaded.

The local data folder is the one that COURSE_DATA_DIR names: it has a folder an entry. A file is
compared with the checksum of its card each time a reader asks for it. Where the card has none, the
file is taken from the local data folder, whose owner is trusted, and is never downloaded. Downloads
are pooch's: a file gets its name once its checksum is right.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from data.core import cards
from data.core.archive import unpack
from data.core.cards import DataError, Entry, File
from data.core.files import cache_dir, file_signature

RETRIES = 2  # of a download that fails


class DataUnavailable(DataError):
    """Nothing serves a file: no local data folder, no cache, no download."""


class ChecksumError(DataError):
    """A file is not what it should be."""


class LocalFolderError(DataError):
    """The folder that COURSE_DATA_DIR names, or one in it, cannot be used."""


class CacheNotWritable(DataError):
    """The cache folder takes no files."""


@dataclass(frozen=True)
class Fetched:
    """A checked file or folder and where it came from: local, cache or download."""

    path: Path
    source: str


class Files:
    """The files of one entry as its reader asks for them, each one checked."""

    def __init__(self, entry: Entry) -> None:
        self.name = entry.name
        self._sources: set[str] = set()

    def path(self, file: str | None = None) -> Path:
        """Return one file; the name may be left out where the entry has only one."""
        return self._noted(fetch(self.name, file))

    def paths(self) -> dict[str, Path]:
        """Return every file by name."""
        return {name: self._noted(file) for name, file in fetch_all(self.name).items()}

    def folder(self) -> Path:
        """Return the folder of the entry: the local one, or its archives unpacked in the cache."""
        return self._noted(fetch_tree(self.name))

    @property
    def source(self) -> str:
        """Where the files that were asked for came from: of several places, the farthest."""
        return _farthest(self._sources)

    def _noted(self, fetched: Fetched) -> Path:
        self._sources.add(fetched.source)
        return fetched.path


def _farthest(sources: set[str]) -> str:
    return max(sources, key=("local", "cache", "download").index)


# ------------------------------------------------------------------ where files lie


def data_folder() -> Path | None:
    """Return the local data folder, which COURSE_DATA_DIR names; None where that is not set."""
    value = os.environ.get("COURSE_DATA_DIR", "").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise LocalFolderError(
            f"COURSE_DATA_DIR names {value}, which is not a folder. "
            "Correct it, or unset it to use the cache and downloads."
        )
    return folder


def local_folder(entry: Entry) -> Path | None:
    """Return the folder of an entry in the local data folder, None where it is not there."""
    parent = data_folder()
    if parent is None:
        return None
    for folder in (parent, parent / entry.local_folder):
        if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
            raise LocalFolderError(
                f"{folder} may not be read by this user. Change its permissions (read and enter), "
                "or unset COURSE_DATA_DIR to use the cache and downloads."
            )
    return folder if folder.is_dir() else None


def local_tree(entry: Entry) -> Path | None:
    """Return the local folder of an entry that holds its files, None where it holds archives."""
    folder = local_folder(entry)
    if folder is None:
        return None
    is_packed = entry.archives and all((folder / item.path).is_file() for item in entry.archives)
    return None if is_packed else folder


def cache_path(entry: Entry, item: File) -> Path:
    """Return where the cache keeps a file, whether or not it is there."""
    return cache_dir() / entry.name / item.name


def at_hand(entry: Entry, item: File) -> str | None:
    """Return where a file lies already, "local" or "cache", or None; no checksum is computed."""
    folder = local_folder(entry)
    holders = [item, entry.file(item.inside)] if item.inside else [item]
    if folder is not None and any((folder / file.path).is_file() for file in holders):
        return "local"
    return "cache" if item.checksum and cache_path(entry, item).is_file() else None


def held(entry: Entry) -> bool:
    """Return whether a set needs no download; no checksum is computed."""
    if local_tree(entry) is not None:
        return True
    return bool(entry.files) and all(at_hand(entry, item) for item in entry.wanted)


# ------------------------------------------------------------------ files


def fetch(name: str, file: str | None = None) -> Fetched:
    """Return one checked file of an entry; its name may be left out where there is only one.

    Raises
    ------
    DataUnavailable
        Neither the local data folder nor the cache holds it, and it cannot be downloaded.
    ChecksumError
        It is there, but it is not the official file.
    """
    entry = cards.get(name)
    if file is None and len(entry.wanted) != 1:
        raise DataError(f"{entry.name} has {len(entry.wanted)} files: say which one is wanted")
    item = entry.file(file or entry.wanted[0].name)
    local = _local_file(entry, item)
    if local is not None:
        return Fetched(local, "local")
    path = cache_path(entry, item)
    if _is_intact(item, path):
        return Fetched(path, "cache")
    if not (item.urls and item.checksum):
        raise DataUnavailable(unavailable(entry, item))
    with _locked(path):
        if _is_intact(item, path):  # another process has downloaded it meanwhile
            return Fetched(path, "cache")
        _download(entry, item, path)
    return Fetched(path, "download")


def fetch_all(name: str) -> dict[str, Fetched]:
    """Return every file that a reader reads, by name, each one checked."""
    entry = cards.get(name)
    if not entry.files:
        raise DataUnavailable(unavailable(entry))
    return {item.name: fetch(entry.name, item.name) for item in entry.wanted}


def fetch_tree(name: str) -> Fetched:
    """Return the folder of an entry: the local one, or its archives unpacked in the cache.

    A local data folder may hold the archives instead of what is in them.
    """
    entry = cards.get(name)
    folder = local_tree(entry)
    if folder is not None:
        return Fetched(folder, "local")
    if not entry.archives:
        raise DataUnavailable(unavailable(entry))
    fetched = [fetch(entry.name, item.name) for item in entry.archives]
    tree = _unpacked(entry, [file.path for file in fetched])
    return Fetched(tree / (entry.root or ""), _farthest({file.source for file in fetched}))


def _unpacked(entry: Entry, archives: list[Path]) -> Path:
    """Return the folder of the cache into which archives are unpacked: once, where they stay."""
    versions = [(path.name, *file_signature(path)) for path in archives]
    version = hashlib.sha256(repr(versions).encode()).hexdigest()[:16]
    tree = cache_dir() / entry.name / f"unpacked-{version}"
    if not tree.is_dir():
        with _locked(tree):
            if not tree.is_dir():
                unpack(archives, tree)
    return tree


def _local_file(entry: Entry, item: File) -> Path | None:
    """Return the checked copy of a file in the local data folder, None where it has none."""
    folder = local_folder(entry)
    if folder is None:
        return None
    path = folder / item.path
    if item.inside and not path.is_file():
        archive = _local_file(entry, entry.file(item.inside))
        if archive is not None:
            path = _unpacked(entry, [archive]) / (item.member or item.name)
    if not path.is_file():
        return None
    copy = f"sha256:{item.local_sha256}" if item.local_sha256 else None
    known = [checksum for checksum in (copy, item.checksum) if checksum]
    if known and not any(has_checksum(path, checksum) for checksum in known):
        raise ChecksumError(
            f"{path} is not the file that its data card knows: copy it again.\n"
            f"  expected {known[-1]}\n  found    {_checksum(path, known[-1])}"
        )
    return path


def _is_intact(item: File, path: Path) -> bool:
    """Return whether the cache has a file and its checksum is right."""
    return item.checksum is not None and path.is_file() and has_checksum(path, item.checksum)


def has_checksum(path: Path, checksum: str) -> bool:
    """Return whether a file has a checksum, such as ``File.checksum``."""
    return _checksum(path, checksum) == checksum


def _checksum(path: Path, like: str) -> str:
    """Return the checksum of a file, by the algorithm of another one."""
    import pooch

    algorithm = like.partition(":")[0]
    return f"{algorithm}:{pooch.file_hash(str(path), alg=algorithm)}"


# ------------------------------------------------------------------ downloads


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time make a file of the cache; an error says that it takes none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")):
            yield
    except OSError as error:
        raise CacheNotWritable(
            f"the cache folder {path.parent} takes no files ({error.strerror or error}). "
            "Name another one that does: COURSE_CACHE_DIR=/some/folder"
        ) from error


def _download(entry: Entry, item: File, path: Path) -> None:
    """Download a file from the first address that serves it, and check it."""
    import pooch
    import requests

    reasons = []
    for url in item.urls:
        store = pooch.create(
            path=path.parent,
            base_url="",
            registry={path.name: item.checksum},
            urls={path.name: url},
            retry_if_failed=RETRIES,
        )
        try:
            store.fetch(path.name, downloader=pooch.HTTPDownloader(progressbar=True))
        except requests.RequestException as error:
            answer = error.response  # None where no server answered
            status = type(error).__name__ if answer is None else answer.status_code
            reasons.append(f"{url}: {status}")
        except ValueError as error:
            hint = "A log-in page of the network can cause this; if it stays, report it."
            raise ChecksumError(f"{url} is not the file it should be. {error}\n{hint}") from error
        else:
            path.chmod(0o644)  # pooch gives it to its owner alone, and a class may share a cache
            return
    reason = f"the download failed ({'; '.join(reasons)})"
    raise DataUnavailable(unavailable(entry, item, reason))


def unavailable(entry: Entry, item: File | None = None, reason: str | None = None) -> str:
    """Return the message of DataUnavailable: the file, the reason, and what helps."""
    what = f"{entry.name}: {item.name} ({human_size(item.size)})" if item else entry.name
    urls = f" from {item.urls[0]}" if item and item.urls else ""
    where = f"COURSE_DATA_DIR/{entry.local_folder}" + (f"/{item.path}" if item else "/")
    folder = os.environ.get("COURSE_DATA_DIR", "").strip()
    state = f"COURSE_DATA_DIR is {folder}" if folder else "COURSE_DATA_DIR is not set"
    return (
        f"{what} cannot be had{urls}: {reason or _why_not_downloaded(entry, item)}.\n"
        f"What helps:\n"
        f"  - a local data folder that holds it as {where} ({state});\n"
        f'  - the sample in its place: data="sample" in the settings cell, or COURSE_DATA=sample '
        f"({entry.sample})."
    )


def _why_not_downloaded(entry: Entry, item: File | None) -> str:
    if item is not None and item.urls:
        return "its checksum is not known, so look at the address and download it yourself"
    reasons = {
        "download": "its data card knows no address of it",
        "on request": "its owners give it on request only",
        "withdrawn": "it has been withdrawn by its owners",
    }
    return reasons[entry.status] + (f", see {entry.homepage}" if entry.homepage else "")


def human_size(size: int | None) -> str:
    """Return a number of bytes as people read it."""
    if size is None:
        return "size unknown"
    left = float(size)
    for unit in ("B", "kB", "MB"):
        if left < 1000:
            return f"{left:.0f} {unit}" if unit == "B" or left >= 10 else f"{left:.1f} {unit}"
        left /= 1000
    return f"{left:.1f} GB"
