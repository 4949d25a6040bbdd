"""Data cards: every ``card.toml`` below ``data/``, read as typed entries.

A folder below ``data/`` is a data set; a folder below ``data/weights/`` is a pretrained network.
Its ``card.toml`` has one table, named as the folder is, with the keys of `Entry`, and one
``[[name.files]]`` a file, with those of `File`.
"""

import difflib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
CARD = "card.toml"
# How a reader comes to the real files of an entry. "downloaded": by ``course.py data fetch``; "by
# hand": its owners offer it, and the reader puts it into a local data folder.
AVAILABILITIES = ("in the course", "in a package", "downloaded", "by hand", "not to be had")
WEIGHTS = "weights"  # the folder below FOLDER that holds networks


class DataError(Exception):
    """Whatever goes wrong between a data card and a loaded record, as one readable message."""


class UnknownDataset(DataError):
    """A name that neither the readers nor the data cards know."""


@dataclass(frozen=True)
class File:
    """One file of an entry; one without a checksum is never downloaded."""

    name: str  # How readers ask for it, and its name in the cache
    path: str  # Where a local data folder keeps it below the entry's; the name if not given
    urls: Sequence[str] = ()  # The official address, and further ones of the same bytes
    size: int | None = None  # Bytes of the official file, None where that is not known
    # The official one, as "sha256:..."; "md5:..." where the owners publish no other one
    checksum: str | None = None
    # That of a re-saved copy with the same content, which a local data folder may hold
    local_checksum: str | None = None
    unpack: bool = False  # Whether `Files.folder` unpacks it
    # An archive with this file in it that a local data folder may hold in its place
    inside: str | None = None

    @property
    def can_be_downloaded(self) -> bool:
        """Whether the course downloads it: its address is known, and what should be there."""
        return bool(self.urls and self.checksum)


@dataclass(frozen=True)
class Repository:
    """A public repository whose files the course packs, at the commit that was read."""

    repository: str  # OWNER/NAME
    commit: str  # 40 hexadecimal digits
    holds: str  # What of the set was read there: "pictures", "masks" ...


@dataclass(frozen=True)
class Entry:
    """One data set or one pretrained network, with its data card and its files."""

    name: str
    kind: str  # "dataset" or "weights"
    folder: Path  # Holds its card, its reader and its generator
    title: str
    task: str
    licence: str
    citation: str
    # Of its owners: "download": they offer it to everyone; "on request": they ask who you are
    # first; "withdrawn": they do not offer it any more
    status: str
    sample: str  # What stands in its place as the sample
    local_folder: str  # Below COURSE_DATA_DIR; the entry's name unless said otherwise
    homepage: str | None = None  # Where its owners describe it
    local_copy: str | None = None  # What such a folder may hold instead of the whole official set
    root: str | None = None  # The folder of the unpacked archives that the reader is given
    # Of what a reader is given as a folder: a local one has one of these paths, or patterns, in it
    known_by: Sequence[str] = ("[!.]*",)
    items: int = 0  # How many pictures, graphs, questions ... the official set has
    consent: str | None = None  # What the people shown were asked
    note: str | None = None
    # What brings it, so that nothing is downloaded: a dependency, or "this course"
    shipped: str | None = None
    # Of what the course brings: the file in its folder with its values, see `data.core.packed`
    packed: str | None = None
    packed_checksum: str | None = None
    # Of pictures that may be passed on: where they were read, the sentence that grants the licence
    # with the address where it stands, and what they may not be used for
    published: tuple[Repository, ...] = ()
    licence_says: str | None = None
    licence_at: str | None = None
    not_for: str | None = None
    formerly: tuple[str, ...] = ()  # Names that it had; whoever asks for one is told the new one
    # The dependency that brings a part of it, which is the sample: real data as well
    sample_shipped: str | None = None
    # The shipped set that stands in its place: real data, but not a part of it
    sample_from: str | None = None
    # Why no real part of the set may be, or is, shipped as the sample
    synthetic_because: str | None = None
    # Why its pictures may stand in committed outputs, beside their credit
    may_be_shown: str | None = None
    files: tuple[File, ...] = ()

    def file(self, name: str) -> File:
        """Return the file of that name, or say which ones there are."""
        for item in self.files:
            if item.name == name:
                return item
        known = ", ".join(item.name for item in self.files) or "none"
        raise DataError(f"{self.name} has no file {name!r} in its data card; it has: {known}")

    @property
    def availability(self) -> str:
        """Say how a reader comes to the real files: one of `AVAILABILITIES`."""
        in_course, in_package, downloaded, by_hand, not_to_be_had = AVAILABILITIES
        if self.shipped:
            return in_course if self.packed else in_package
        if self.files and all(item.can_be_downloaded for item in self.files):
            return downloaded
        offered = self.homepage or any(item.urls for item in self.files)
        return by_hand if offered and self.status != "withdrawn" else not_to_be_had

    @property
    def archives(self) -> tuple[File, ...]:
        """The files that are unpacked into one folder."""
        return tuple(item for item in self.files if item.unpack)

    @property
    def downloads(self) -> tuple[File, ...]:
        """The files that a download brings: those with an address, or the archives of all."""
        return tuple(item for item in self.archives or self._read if item.urls)

    @property
    def size(self) -> int | None:
        """Bytes of what is downloaded, or else read; None where one of the sizes is not known."""
        sizes = [item.size for item in self.downloads or self._read]
        known = [size for size in sizes if size]
        return sum(known) if known and len(known) == len(sizes) else None

    @property
    def _read(self) -> tuple[File, ...]:
        """The files that its reader asks for; a packed set is read without them."""
        return () if self.packed else self.files


def entries() -> dict[str, Entry]:
    """Return every entry by name, data sets first; a card is read once."""
    known: dict[str, Entry] = {}
    for path in (*sorted(FOLDER.glob(f"*/{CARD}")), *sorted(FOLDER.glob(f"{WEIGHTS}/*/{CARD}"))):
        known |= read_card(path)
    return known


@lru_cache(maxsize=128)
def read_card(path: Path) -> dict[str, Entry]:
    """Read the entries of a card; an error names the entry and what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # it is no TOML, or not in UTF-8
        raise DataError(f"{path} can't be read: {error}") from error
    return {name: _entry(name, table, path) for name, table in tables.items()}


def _entry(name: str, table: dict, path: Path) -> Entry:
    kind = "weights" if path.parent.parent.name == WEIGHTS else "dataset"
    about = {"name": name, "kind": kind, "folder": path.parent}
    try:
        files = [File(**{"path": file.get("name")} | file) for file in table.get("files", [])]
        lists = {
            "files": tuple(files),
            "published": tuple(Repository(**item) for item in table.get("published", [])),
            "formerly": tuple(table.get("formerly", [])),
        }
        return Entry(**{"local_folder": name} | table | about | lists)
    except TypeError as error:  # it says which key is missing or not known
        raise DataError(f"{path}: [{name}] is no data card: {error}") from error


def get(name: str) -> Entry:
    """Return the entry of that name; an unknown one names its close matches."""
    known = entries()
    if name in known:
        return known[name]
    raise UnknownDataset(unknown_message(name, list(known), "the catalogue"))


def unknown_message(name: object, known: list[str], where: str) -> str:
    """Return the sentence for a name that is not known: close matches, and how to list.

    Someone may have the name from a local data folder.
    """
    listed = [entry for entry in entries().values() if entry.name in known]
    meant = {entry.local_folder: entry.name for entry in reversed(listed)}  # two share a folder
    meant |= {old: entry.name for entry in listed for old in entry.formerly}
    meant |= {each: each for each in known}
    close = difflib.get_close_matches(str(name).lower(), meant, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join({meant[each]: 1 for each in close})}?" if close else ""
    return f"{name!r} is not in {where}.{hint} All of them: python course.py data list"


def package_folder(package: str, module: str) -> Path:
    """Return the folder of an installed package, whose code is not imported."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"the package {package} is not installed: pip install {package}")
    return Path(spec.submodule_search_locations[0])
