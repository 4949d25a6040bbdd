"""Files of the cards, checked: from a mirror, from the user's cache, or downloaded.

Nothing here trusts that a file is there: a sum is computed the first time a process uses it.
A download is written under a temporary name beside its place and renamed once its sum is right,
so an interrupted one leaves nothing that could be taken for the file.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import os
import re
import secrets
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.core import cards, stamps
from data.core.archive import UnsafeArchive, extract_member, unpack
from data.core.cards import DataError, Entry, File
from utils._files import write_text

__all__ = [
    "CacheNotWritable",
    "ChecksumError",
    "DataUnavailable",
    "Fetched",
    "Files",
    "MirrorError",
    "Unpinned",
    "UnsafeArchive",
    "fetch",
    "fetch_all",
    "fetch_tree",
    "pin",
]

MANIFEST = "MANIFEST.sha256"
APP = "deep-vision-course"
RETRY_WAITS = (0.5, 1.0, 2.0)  # seconds between tries; one try more than there are waits
TIMEOUT = 30  # seconds without a byte
_CHUNK = 1 << 16


class DataUnavailable(DataError):
    """Nothing serves a file: no mirror, no cache, no download."""


class Unpinned(DataUnavailable):
    """The official sum of a file is not known, so it is not downloaded unasked."""


class ChecksumError(DataError):
    """A file is not what it should be."""


class MirrorError(DataError):
    """COURSE_DATA_DIR does not name a usable mirror."""


class NoEntry(MirrorError):
    """A folder of the mirror may not be entered by this user."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} may not be entered by this user. Change its permissions (read and enter), "
            "or unset COURSE_DATA_DIR to use the cache and downloads."
        )
        self.folder = folder


class CacheNotWritable(DataError):
    """The cache folder takes no files."""


class _NotServed(Exception):
    """One try failed; ``lasting`` where another one will not cure it."""

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


@dataclass(frozen=True)
class Fetched:
    """A checked file or folder and where it came from: mirror, cache or download."""

    path: Path
    source: str


def _farthest(sources: set[str]) -> str | None:
    """Return where something came from that came from several places."""
    return next((place for place in ("download", "cache", "mirror") if place in sources), None)


# ------------------------------------------------------------------ asking for files


def fetch(name: str, file: str | None = None) -> Fetched:
    """Return one checked file of an entry.

    Parameters
    ----------
    name : str
        The entry, as its card names it.
    file : str or None
        The file's name in the entry; may be left out where there is only one.

    Raises
    ------
    DataUnavailable
        Neither the mirror nor the cache holds it, and it cannot be downloaded.
    ChecksumError
        It is there, but it is not the official file.
    """
    entry = cards.get(name)
    item = _only_file(entry) if file is None else entry.file(file)
    found = from_mirror(entry, item)
    if found is not None:
        return Fetched(found, "mirror")
    if item.inside:
        return _fetch_member(entry, item, cache_path(entry, item))
    return _cached_or_downloaded(entry, item, cache_path(entry, item))


def _cached_or_downloaded(entry: Entry, item: File, path: Path) -> Fetched:
    known = item.pinned and os.path.isfile(path)  # a file that nothing is known of is never used
    damaged = _mismatch(item, path) if known else None
    if known and damaged is None:
        return Fetched(path, "cache")
    try:
        return Fetched(path, "download" if _download_once(entry, item, path) else "cache")
    except DataUnavailable as error:
        if damaged:
            hint = f"It cannot be fetched again: {error}"
            raise _checksum_error(path, _official(item), damaged, hint) from error
        raise


def fetch_all(name: str) -> dict[str, Fetched]:
    """Return every file of an entry by name, each one checked.

    Where an archive is catalogued by its members, the members are returned.
    """
    entry = cards.get(name)
    if not entry.files:
        raise DataUnavailable(_unavailable(entry, None, _why_no_url(entry)))
    return {item.name: fetch(entry.name, item.name) for item in entry.wanted}


class Files:
    """The files of one entry as its reader asks for them, each one checked.

    Parameters
    ----------
    entry : Entry
        Of the set that is read; ``name`` is its name.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.name = entry.name
        self._sources: set[str] = set()

    def path(self, file: str | None = None) -> Path:
        """Return one file; the name may be left out where the entry has only one."""
        return self._noted(fetch(self.name, file))

    def paths(self) -> dict[str, Path]:
        """Return every file by name."""
        found = fetch_all(self.name)
        return {name: self._noted(file) for name, file in found.items()}

    def folder(self) -> Path:
        """Return the folder of the entry: the mirror's, or its archives unpacked in the cache."""
        return self._noted(fetch_tree(self.name))

    @property
    def source(self) -> str:
        """Where the files that were asked for came from: of several places, the farthest."""
        found = _farthest(self._sources)
        if found is None:
            raise DataError(f"{self.name}: its reader asked for no file, so nothing was read")
        return found

    def _noted(self, found: Fetched) -> Path:
        self._sources.add(found.source)
        stamps.save()
        return found.path


def fetch_tree(name: str) -> Fetched:
    """Return the folder of an entry: the mirror's, or its archives unpacked in the cache.

    Every file of the folder is compared with its manifest. A mirror may hold the archives instead
    of what is in them: they are unpacked once, and what was unpacked carries a manifest as well.
    """
    entry = cards.get(name)
    folder = mirror_tree(entry)
    if folder is not None:
        check_tree(folder)
        return Fetched(folder, "mirror")
    if not entry.archives:
        raise DataUnavailable(_unavailable(entry, None, _why_no_url(entry)))
    got = [fetch(entry.name, item.name) for item in entry.archives]
    tree = unpacked(entry)
    assert tree is not None  # what has no sum was not fetched
    if not tree.is_dir():
        with _writing_to(tree.parent), _lock(tree):
            if not tree.is_dir():
                unpack([file.path for file in got], tree, finish=write_manifest)
    check_unpacked(tree)
    return Fetched(tree / (entry.root or ""), _farthest({file.source for file in got}) or "")


def unpacked(entry: Entry) -> Path | None:
    """Return the folder into which the entry's archives are unpacked, whether or not it is there.

    Other archives get another folder. None where the sum of one is not known.
    """
    folder = mirror_folder(entry)
    listed = manifest(folder) if folder is not None else {}
    sums = [_official(item) or listed.get(item.path, "") for item in entry.archives]
    key = hashlib.sha256("".join(sums).encode()).hexdigest()[:16]
    return cache_dir() / entry.name / f"unpacked-{key}" if sums and all(sums) else None


def check_unpacked(tree: Path) -> int:
    """Compare every file that was unpacked with what came out of the archive."""
    if not manifest(tree):  # unpacked by an earlier version of the course
        raise ChecksumError(f"{tree} has no {MANIFEST}. {_unpack_again(tree)}")
    return check_tree(tree, repair=_unpack_again(tree))


def _unpack_again(tree: Path) -> str:
    return f"Remove the folder {tree}: the next call unpacks it again."


def write_manifest(folder: Path) -> None:
    """Write the sums of all files of a folder into its manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256(path)}  ./{path.relative_to(folder).as_posix()}\n" for path in files]
    write_text(folder / MANIFEST, "".join(lines))


def _fetch_member(entry: Entry, item: File, path: Path) -> Fetched:
    """Return a file that is kept inside an archive; its own sum is what counts."""
    archives = [entry.file(name) for name in item.inside]
    for archive in archives:
        packed = from_mirror(entry, archive)
        if packed is not None:
            if not _is_right(item, path):
                with _writing_to(path.parent), _lock(path):
                    _extract(item, archive.name, packed, path)
            return Fetched(path, "mirror")
    if _is_right(item, path):
        return Fetched(path, "cache")
    archive = next((archive for archive in archives if archive.urls), None)  # type: ignore[assignment]
    if archive is None:
        raise DataUnavailable(_unavailable(entry, item, _why_no_url(entry)))
    place = cache_path(entry, archive)
    with _writing_to(path.parent), _lock(place):
        if _is_right(item, path):
            return Fetched(path, "cache")
        with _temporary(place) as part:
            _transfer(entry, archive, part)
            for other in entry.files:  # the archive is not kept: take all it was fetched for
                if archive.name in other.inside:
                    _extract(other, archive.name, part, cache_path(entry, other))
    return Fetched(path, "download")


def _extract(item: File, archive: str, packed: Path, path: Path) -> None:
    with _temporary(path) as part:
        extract_member(packed, item.member or item.name, part)
        _put(item, part, path, f"{item.member} of {archive}")


def _is_right(item: File, path: Path) -> bool:
    return os.path.isfile(path) and _mismatch(item, path) is None


def _only_file(entry: Entry) -> File:
    if len(entry.wanted) == 1:
        return entry.wanted[0]
    if not entry.files:
        raise DataUnavailable(_unavailable(entry, None, _why_no_url(entry)))
    known = ", ".join(item.name for item in entry.wanted)
    raise DataError(f"{entry.name} has {len(entry.wanted)} files, say which one: {known}")


# ------------------------------------------------------------------ sums


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_uncompressed(path: Path) -> str:
    """Return the SHA-256 of what a .gz file holds, or a word for what is wrong with it."""
    try:
        with gzip.open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return "not a readable .gz file"


def _has_sum(path: Path, expected: str, compute=sha256) -> str | None:
    """Return None where a file has the sum, else what was found; right ones are remembered."""
    try:
        stamp = stamps.of(path)
        if stamps.known(path, expected) == stamp:
            return None
        found = compute(path)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from error
    if found != expected:
        stamps.forget(path, expected)
        return found
    stamps.remember(path, expected, stamp)
    return None


def _put(item: File, part: Path, path: Path, source: str) -> None:
    """Give a finished temporary file its name, once its sum is right."""
    found = _mismatch(item, part)
    if found:
        raise _checksum_error(source, _official(item), found, _REPORT)
    os.replace(part, path)
    stamps.remember(path, _official(item), stamps.of(path))


def _official(item: File) -> str:
    return item.sha256_uncompressed or item.sha256 or ""


def _mismatch(item: File, path: Path) -> str | None:
    """Compare a file with the official sum of its card; None where it is right."""
    if item.sha256_uncompressed:
        return _has_sum(path, item.sha256_uncompressed, sha256_uncompressed)
    return _has_sum(path, item.sha256) if item.sha256 else None


def _checksum_error(path: object, expected: str | None, found: str, hint: str) -> ChecksumError:
    return ChecksumError(
        f"{path} is not the file it should be.\n  expected {expected}\n  found    {found}\n  {hint}"
    )


# ------------------------------------------------------------------ the mirror


def mirror_dir() -> Path | None:
    """Return the folder that COURSE_DATA_DIR names, None where it is not set."""
    value = os.environ.get("COURSE_DATA_DIR", "").strip()
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        raise MirrorError(
            f"COURSE_DATA_DIR names {value}, which is not a folder. "
            "Correct it, or unset it to use the cache and downloads."
        )
    return folder


def mirror_folder(entry: Entry) -> Path | None:
    """Return where the mirror keeps an entry, whether or not it is there."""
    parent = mirror_dir()
    if parent is None:
        return None
    for folder in (parent, parent / entry.mirror):
        if os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK):
            raise NoEntry(folder)
    return parent / entry.mirror


def mirror_tree(entry: Entry) -> Path | None:
    """Return the mirror's folder of an entry that it holds as files, None where as archives."""
    folder = mirror_folder(entry)
    if folder is None or not folder.is_dir():
        return None
    packed = entry.archives and all((folder / item.path).is_file() for item in entry.archives)
    return None if packed else folder


def from_mirror(entry: Entry, item: File) -> Path | None:
    """Return the mirror's checked copy of a file, None where the mirror does not have it."""
    folder = mirror_folder(entry)
    if folder is None or not folder.is_dir():
        return None
    path = folder / item.path
    listed = manifest(folder).get(item.path)
    if not path.is_file():
        if listed:
            raise _checksum_error(path, listed, "no file", _REPAIR)
        return None
    if listed:
        found = _has_sum(path, listed)
        if found:
            raise _checksum_error(path, listed, found, _REPAIR)
    elif not (item.pinned or item.mirror_sha256):
        raise MirrorError(
            f"{path} stands in no {MANIFEST} and its card knows no sum of it. "
            f"If you trust it, add its line:  sha256sum ./{item.path} >> {MANIFEST}"
        )
    found = _has_sum(path, item.mirror_sha256) if item.mirror_sha256 else None
    if item.pinned and (found or not item.mirror_sha256):
        found = _mismatch(item, path)
    if found:
        known = _official(item) or item.mirror_sha256
        raise _checksum_error(path, known, found, "Its card knows another file.")
    return path


_REPAIR = f"The mirror disagrees with its {MANIFEST}: copy the file again."


def manifest(folder: Path) -> dict[str, str]:
    """Return the sums of a mirror folder by relative path; empty where it has no manifest."""
    path = folder / MANIFEST
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    sums = {}
    for number, line in enumerate(text.splitlines(), start=1):
        digest, _, name = line.partition(" ")
        name = name.lstrip(" *").removeprefix("./")
        if not line.strip():
            continue
        outside = name.startswith("/") or ".." in PurePosixPath(name).parts
        if len(digest) != 64 or not name or outside:
            raise MirrorError(f"{path}, line {number} is not 'sha256  ./path': {line[:100]}")
        sums[name] = digest.lower()
    return sums


def check_tree(folder: Path, repair: str = _REPAIR) -> int:
    """Compare every file of a folder with its manifest; return how many there are.

    A file too many is as wrong as a changed one: loaders take what lies in a folder.
    """
    sums = manifest(folder)
    if not sums:
        raise MirrorError(
            f"{folder} has no {MANIFEST}, so its files cannot be checked. Make one inside it: "
            f"find . -type f ! -name {MANIFEST} -exec sha256sum {{}} + > {MANIFEST}"
        )
    for name, expected in sums.items():
        path = folder / name
        found = _has_sum(path, expected) if path.is_file() else "no file"
        if found:
            raise _checksum_error(path, expected, found, repair)
    for path in folder.rglob("[!.]*"):
        name = path.relative_to(folder).as_posix()
        if name not in sums and name != MANIFEST and path.is_file():
            raise _checksum_error(path, f"no such file in {MANIFEST}", "a file", repair)
    return len(sums)


# ------------------------------------------------------------------ the cache


def cache_dir() -> Path:
    """Return the cache folder: COURSE_CACHE_DIR, else the system's place for this user."""
    value = os.environ.get("COURSE_CACHE_DIR", "").strip()
    if value:
        return Path(value).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir(APP, appauthor=False))


def cache_path(entry: Entry, item: File) -> Path:
    """Return where the cache keeps a file, whether or not it is there."""
    return cache_dir() / entry.name / item.name


def check_cached(entry: Entry, item: File) -> None:
    """Compare a cached file with its card; ChecksumError where it is another one."""
    path = cache_path(entry, item)
    found = _mismatch(item, path)
    if found:
        hint = "Delete it, or fetch it again: python course.py data fetch " + entry.name
        raise _checksum_error(path, _official(item), found, hint)


@contextlib.contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """Make a folder of the cache; say which one and what to do where it takes no files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        # requests' errors are OSErrors without a number: they are not about the cache
        if error.errno not in _CACHE_ERRORS:
            raise
        raise CacheNotWritable(
            f"the cache folder {folder} takes no files ({error.strerror}). "
            "Name another one that does: COURSE_CACHE_DIR=/some/folder"
        ) from error


_CACHE_ERRORS = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EEXIST,
}


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Let one process at a time make a file; the others wait and then find it made."""
    import filelock

    lock = filelock.FileLock(path.parent / f".{path.name}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        print(f"waiting for another process that fetches {path.name} ...", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


# ------------------------------------------------------------------ the download


def _download_once(entry: Entry, item: File, path: Path) -> bool:
    """Download a file unless another process just did; True where this one downloaded it."""
    if not item.urls:
        raise DataUnavailable(_unavailable(entry, item, _why_no_url(entry)))
    if not item.pinned:
        raise Unpinned(_unpinned(entry, item))
    with _writing_to(path.parent), _lock(path):
        if path.is_file():
            found = _mismatch(item, path)
            if found is None:
                return False
            print(f"{path} is damaged (sum {found}); fetching it again", file=sys.stderr)
        with _temporary(path) as part:
            _transfer(entry, item, part)
            _put(item, part, path, item.urls[0])
    return True


_REPORT = (
    "The download was whole but is another file: it was thrown away. A log-in page of the "
    "network can cause this; if it stays, report it."
)


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Yield a name beside a file's place; whatever is under it in the end is removed."""
    litter = re.compile(rf"\.{re.escape(path.name)}\.\d+-[0-9a-f]+\.part")
    for old in path.parent.iterdir():
        if litter.fullmatch(old.name):  # what a killed process left; the lock is ours
            old.unlink(missing_ok=True)
    part = path.parent / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part"
    part.touch(exist_ok=False)  # not mkstemp: a cache that a class shares must be readable
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _transfer(entry: Entry, item: File, part: Path) -> None:
    """Download into a file from the first address that serves it, with some patience."""
    reasons = []
    several = len(item.urls) > 1
    for url in item.urls:
        about = f"{url}: " if several else ""
        for wait in (*RETRY_WAITS, None):
            try:
                _one_try(item, url, part)
                return
            except _NotServed as error:
                if error.lasting or wait is None:
                    reasons.append(f"{about}{error}")
                    break
                time.sleep(wait)
    raise DataUnavailable(_unavailable(entry, item, "; ".join(reasons)))


def _one_try(item: File, url: str, part: Path) -> None:
    import pooch
    import requests
    from tqdm import tqdm

    # a total from the start: pooch asks for the bar's truth, which is its total
    size = item.size or 1
    bar = tqdm(total=size, unit="B", unit_scale=True, desc=item.name, leave=False, disable=None)
    get = pooch.HTTPDownloader(progressbar=bar, chunk_size=_CHUNK, timeout=TIMEOUT)
    try:
        get(url, str(part), None)
    except requests.HTTPError as error:
        code = error.response.status_code  # type: ignore[union-attr]  # such an error has one
        told = f"the server answered {code} {error.response.reason}"  # type: ignore[union-attr]
        raise _NotServed(told, lasting=code < 500 and code not in (408, 429)) from error
    except requests.RequestException as error:
        raise _NotServed(_short(error)) from error
    finally:
        bar.close()
    got = part.stat().st_size
    if item.sha256 and item.size and got < item.size:
        raise _NotServed(f"only {got:,} of {item.size:,} bytes came")


def _short(error: Exception) -> str:
    """Return the innermost reason of a network error: the outer ones repeat the address."""
    import requests

    kinds = {  # the narrower ones first
        requests.exceptions.SSLError: "the server's certificate was not accepted",
        requests.exceptions.ProxyError: "the proxy did not answer",
        requests.exceptions.ConnectTimeout: "the server did not answer in time",
        requests.exceptions.ReadTimeout: "the server stopped sending",
        requests.exceptions.ChunkedEncodingError: "the connection broke off",
        requests.exceptions.ConnectionError: "no connection",
    }
    for kind, words in kinds.items():
        if isinstance(error, kind):
            return words
    return f"{type(error).__name__}: {str(error)[:200]}"


# ------------------------------------------------------------------ pinning


def pin(name: str) -> list[tuple[str, str]]:
    """Download the files of an entry whose sums are unknown, and write their sums down.

    Returns
    -------
    list of (str, str)
        File and SHA-256 of each one that was pinned.
    """
    entry = cards.get(name)
    pinned = []
    for item in entry.wanted:
        if item.pinned or not item.urls:
            continue
        path = cache_path(entry, item)
        with _writing_to(path.parent), _lock(path), _temporary(path) as part:
            _transfer(entry, item, part)
            digest = sha256(part)
            _compare_md5(item, part)
            cards.write_pin(entry.name, item.name, digest, part.stat().st_size)
            os.replace(part, path)
        pinned.append((item.name, digest))
    return pinned


def _compare_md5(item: File, part: Path) -> None:
    """Refuse a file whose published MD5 differs: weak as it is, it tells another file."""
    if not item.md5:
        return
    with open(part, "rb") as stream:
        found = hashlib.file_digest(stream, "md5").hexdigest()
    if found != item.md5:
        hint = "The published MD5 disagrees: nothing was pinned."
        raise _checksum_error(item.urls[0], item.md5, found, hint)


# ------------------------------------------------------------------ messages


def human(size: float | None) -> str:
    """Return a number of bytes as people read it."""
    if size is None:
        return "size unknown"
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size = size / 1000
    return f"{size:.1f} GB"


def _why_no_url(entry: Entry) -> str:
    words = {
        "download": "its card knows no address of it",
        "on request": "its owners give it on request only",
        "withdrawn": "it has been withdrawn by its owners",
    }
    return words[entry.status] + (f", see {entry.homepage}" if entry.homepage else "")


def _unavailable(entry: Entry, item: File | None, reason: str) -> str:
    what = f"{entry.name}: {item.name} ({human(item.size)})" if item else entry.name
    urls = f" from {item.urls[0]}" if item and item.urls else ""
    where = f"COURSE_DATA_DIR/{entry.mirror}" + (f"/{item.path}" if item else "/")
    state = os.environ.get("COURSE_DATA_DIR", "").strip()
    told = f"COURSE_DATA_DIR is {state}" if state else "COURSE_DATA_DIR is not set"
    return (
        f"{what} is not to be had{urls}: {reason}.\n"
        f"What helps:\n"
        f"  - a mirror that holds it as {where} ({told});\n"
        f'  - the sample in its place: data="sample" in the settings cell, or COURSE_DATA=sample '
        f"({entry.sample})."
    )


def _unpinned(entry: Entry, item: File) -> str:
    return (
        f"{entry.name}: the official sum of {item.name} is not known, so it is not downloaded "
        f"unasked from {item.urls[0]} ({human(item.size)}).\n"
        f"What helps:\n"
        f"  - look at the address, then: python course.py data fetch {entry.name} --pin\n"
        f"    (downloads it, shows the sum and writes it into the card);\n"
        f"  - a mirror that holds it as COURSE_DATA_DIR/{entry.mirror}/{item.path};\n"
        f'  - the sample in its place: data="sample" in the settings cell, or COURSE_DATA=sample.'
    )
