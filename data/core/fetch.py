"""Files of the cards, checked: from a mirror, from the user's cache, or downloaded.

Nothing here trusts that a file is there: a sum is computed the first time a process uses it.
A download is written under a temporary name beside its place and renamed once its sum is right,
so an interrupted one leaves nothing that could be taken for the file.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from data.core import cards, stamps
from data.core.archive import extract_member, unpack
from data.core.cache import cache_path, lock, put, temporary, writing_to
from data.core.cards import DataError, Entry, File
from data.core.download import (
    DataUnavailable,
    Unpinned,
    transfer,
    unavailable,
    unpinned,
    why_no_url,
)
from data.core.files import cache_dir
from data.core.mirror import (
    MANIFEST,
    check_tree,
    from_mirror,
    manifest,
    mirror_folder,
    mirror_tree,
    write_manifest,
)
from data.core.sums import ChecksumError, checksum_error, mismatch, official, sha256


@dataclass(frozen=True)
class Fetched:
    """A checked file or folder and where it came from: mirror, cache or download."""

    path: Path
    source: str


def _farthest(sources: set[str]) -> str | None:
    """Return where something came from that came from several places."""
    return next((place for place in ("download", "cache", "mirror") if place in sources), None)


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
    damaged = mismatch(item, path) if known else None
    if known and damaged is None:
        return Fetched(path, "cache")
    try:
        return Fetched(path, "download" if _download_once(entry, item, path) else "cache")
    except DataUnavailable as error:
        if damaged:
            hint = f"It cannot be fetched again: {error}"
            raise checksum_error(path, official(item), damaged, hint) from error
        raise


def _download_once(entry: Entry, item: File, path: Path) -> bool:
    """Download a file unless another process just did; True where this one downloaded it."""
    if not item.urls:
        raise DataUnavailable(unavailable(entry, item, why_no_url(entry)))
    if not item.pinned:
        raise Unpinned(unpinned(entry, item))
    with writing_to(path.parent), lock(path):
        if path.is_file():
            found = mismatch(item, path)
            if found is None:
                return False
            print(f"{path} is damaged (sum {found}); fetching it again", file=sys.stderr)
        with temporary(path) as part:
            transfer(entry, item, part)
            put(item, part, path, item.urls[0])
    return True


def fetch_all(name: str) -> dict[str, Fetched]:
    """Return every file of an entry by name, each one checked.

    Where an archive is catalogued by its members, the members are returned.
    """
    entry = cards.get(name)
    if not entry.files:
        raise DataUnavailable(unavailable(entry, None, why_no_url(entry)))
    return {item.name: fetch(entry.name, item.name) for item in entry.wanted}


def at_hand(entry: Entry, item: File) -> str | None:
    """Return where a file lies already, "mirror" or "cache", or None; no sum is computed."""
    folder = mirror_folder(entry)
    holders = [item, *(entry.file(name) for name in item.inside)]
    if folder is not None and any((folder / one.path).is_file() for one in holders):
        return "mirror"
    return "cache" if item.pinned and os.path.isfile(cache_path(entry, item)) else None


def held(entry: Entry) -> bool:
    """Return whether a set lies in the mirror or the cache already; no sum is computed."""
    if mirror_tree(entry) is not None:
        return True
    return bool(entry.files) and all(at_hand(entry, item) for item in entry.wanted)


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
        raise DataUnavailable(unavailable(entry, None, why_no_url(entry)))
    got = [fetch(entry.name, item.name) for item in entry.archives]
    tree = unpacked(entry)
    assert tree is not None  # what has no sum was not fetched
    if not tree.is_dir():
        with writing_to(tree.parent), lock(tree):
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
    sums = [official(item) or listed.get(item.path, "") for item in entry.archives]
    key = hashlib.sha256("".join(sums).encode()).hexdigest()[:16]
    return cache_dir() / entry.name / f"unpacked-{key}" if sums and all(sums) else None


def check_unpacked(tree: Path) -> int:
    """Compare every file that was unpacked with what came out of the archive."""
    if not manifest(tree):  # unpacked by an earlier version of the course
        raise ChecksumError(f"{tree} has no {MANIFEST}. {_unpack_again(tree)}")
    return check_tree(tree, repair=_unpack_again(tree))


def _unpack_again(tree: Path) -> str:
    return f"Remove the folder {tree}: the next call unpacks it again."


def _fetch_member(entry: Entry, item: File, path: Path) -> Fetched:
    """Return a file that is kept inside an archive; its own sum is what counts."""
    archives = [entry.file(name) for name in item.inside]
    for archive in archives:
        packed = from_mirror(entry, archive)
        if packed is not None:
            if not _is_right(item, path):
                with writing_to(path.parent), lock(path):
                    _extract(item, archive.name, packed, path)
            return Fetched(path, "mirror")
    if _is_right(item, path):
        return Fetched(path, "cache")
    archive = next((archive for archive in archives if archive.urls), None)  # type: ignore[assignment]
    if archive is None:
        raise DataUnavailable(unavailable(entry, item, why_no_url(entry)))
    place = cache_path(entry, archive)
    with writing_to(path.parent), lock(place):
        if _is_right(item, path):
            return Fetched(path, "cache")
        with temporary(place) as part:
            transfer(entry, archive, part)
            for other in entry.files:  # the archive is not kept: take all it was fetched for
                if archive.name in other.inside:
                    _extract(other, archive.name, part, cache_path(entry, other))
    return Fetched(path, "download")


def _extract(item: File, archive: str, packed: Path, path: Path) -> None:
    with temporary(path) as part:
        extract_member(packed, item.member or item.name, part)
        put(item, part, path, f"{item.member} of {archive}")


def _is_right(item: File, path: Path) -> bool:
    return os.path.isfile(path) and mismatch(item, path) is None


def _only_file(entry: Entry) -> File:
    if len(entry.wanted) == 1:
        return entry.wanted[0]
    if not entry.files:
        raise DataUnavailable(unavailable(entry, None, why_no_url(entry)))
    known = ", ".join(item.name for item in entry.wanted)
    raise DataError(f"{entry.name} has {len(entry.wanted)} files, say which one: {known}")


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
        with writing_to(path.parent), lock(path), temporary(path) as part:
            transfer(entry, item, part)
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
        raise checksum_error(item.urls[0], item.md5, found, hint)
