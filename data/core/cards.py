"""The cards of data sets and networks: every ``card.toml`` below ``data/`` as typed entries.

A folder below ``data/`` is a data set, or a family of sets with one layout; a folder below
``data/weights/`` is a pretrained network. Its ``card.toml`` has one table an entry, named as the
entry is, and one ``[[name.files]]`` a file:

=============== ===================================================================================
title, task     what it is and what for
licence,        on which terms, by whom, and what the people shown were asked
citation,
consent
status          ``download``: its owners offer it to everyone; ``on request``: they ask who you are
                first; ``withdrawn``: they do not offer it any more
homepage        where its owners describe it
items           how many pictures, graphs, questions ... the official set has
sample          what stands in its place in the sample tier
drawn_because   why the sample is drawn: why no real part of the set may be, or is, shipped
loaded_as       the name that ``utils.data.load`` knows it by, where that is another one
shipped         the dependency that brings it: nothing is fetched
sample_shipped  the dependency that brings a part of it, which is the sample: real data as well
sample_from     the shipped set that stands in its place: real photographs, but not a part of it
may_be_shown    why its pictures may stand in committed outputs, beside their credit
mirror          folder below COURSE_DATA_DIR; the entry's name unless said otherwise
mirror_copy     what such a folder may hold instead of the whole official set
root            folder of the unpacked archives that the reader is given
note            what else is to be known
files           an address is given only where it is known, and a sum only where it is certain
=============== ===================================================================================

The keys of a file are those of `File`. Lines that begin with ``#`` are kept when a sum is pinned.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path, PurePosixPath

from data.core import stamps
from data.core.files import write_text

FOLDER = Path(__file__).resolve().parents[1]
CARD = "card.toml"
WEIGHTS = "weights"  # the folder below FOLDER that holds networks

STATUSES = ("download", "on request", "withdrawn")
REQUIRED = ("title", "task", "licence", "citation", "status", "sample")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DataError(Exception):
    """Whatever goes wrong between the catalogue and a loaded record, as one readable message."""

    def __str__(self) -> str:
        """Return the message as it was written (KeyError would quote it)."""
        return "\n".join(str(part) for part in self.args)


class UnknownDataset(DataError, KeyError):
    """A name that neither the loaders nor the catalogue know."""


class CardError(DataError, ValueError):
    """A card cannot be read or breaks its own rules."""


@dataclass(frozen=True)
class File:
    """One file of an entry."""

    name: str  # How loaders ask for it, and its name in the cache
    path: str  # Where a mirror keeps it below the entry's folder; the name unless said otherwise
    # The official address; ``alternate`` holds further ones of the same bytes
    url: str | None = None
    alternate: tuple[str, ...] = ()
    size: int | None = None  # Bytes of the official file, None where that is not known
    # The official sum; the second is of what a ``.gz`` holds, for files whose container is packed
    # differently from place to place. Without either the file is unpinned
    sha256: str | None = None
    sha256_uncompressed: str | None = None
    # Sum of a re-saved copy with the same content that is accepted from a mirror alone
    mirror_sha256: str | None = None
    md5: str | None = None  # A published sum that is too weak to pin with, told to who pins by hand
    unpack: bool = False  # Whether ``fetch_tree`` unpacks it
    # Archives of the same entry that hold this file, as ``member``: where the sum of a file is
    # known and that of its archive is not
    inside: tuple[str, ...] = ()
    member: str | None = None

    @property
    def pinned(self) -> bool:
        """Whether an official sum is known."""
        return bool(self.sha256 or self.sha256_uncompressed)

    @property
    def urls(self) -> tuple[str, ...]:
        """Every address of the file, the official one first."""
        return ((self.url,) if self.url else ()) + self.alternate


@dataclass(frozen=True)
class Entry:
    """One data set or one pretrained network, with its card and its files.

    ``kind`` is "dataset" or "weights"; ``folder`` holds its card, its reader and its sample.
    """

    name: str
    kind: str
    folder: Path
    title: str
    task: str
    licence: str
    citation: str
    status: str
    sample: str
    mirror: str
    homepage: str | None = None
    mirror_copy: str | None = None
    root: str | None = None
    items: int | None = None
    consent: str | None = None
    note: str | None = None
    shipped: str | None = None
    sample_shipped: str | None = None
    sample_from: str | None = None
    drawn_because: str | None = None
    may_be_shown: str | None = None
    loaded_as: str | None = None
    files: tuple[File, ...] = field(default=())

    def file(self, name: str) -> File:
        """Return the file of that name, or say which ones there are."""
        for item in self.files:
            if item.name == name:
                return item
        known = ", ".join(item.name for item in self.files) or "none"
        raise DataError(f"{self.name} has no file {name!r} in the catalogue; it has: {known}")

    @property
    def wanted(self) -> tuple[File, ...]:
        """The files that a loader reads: not the archives that only hold other ones."""
        holders = {name for item in self.files for name in item.inside}
        return tuple(item for item in self.files if item.name not in holders)

    @property
    def archives(self) -> tuple[File, ...]:
        """The files that are unpacked into one folder."""
        return tuple(item for item in self.files if item.unpack)

    @property
    def pinned(self) -> bool:
        """Whether every wanted file that can be downloaded has a known sum."""
        return all(item.pinned for item in self.wanted if item.url)

    def carrier(self, item: File) -> File:
        """Return the file that is downloaded to get one: itself, or the archive that holds it."""
        holders = [self.file(name) for name in item.inside]
        return next((one for one in (item, *holders) if one.urls), item)

    @property
    def downloads(self) -> tuple[File, ...]:
        """The files that a fetch asks the network for, where neither mirror nor cache has them."""
        carriers = (self.carrier(item) for item in self.archives or self.wanted)
        return tuple(dict.fromkeys(one for one in carriers if one.urls))

    @property
    def size(self) -> int | None:
        """Bytes of all that is downloaded, or else read, None where a part is not known."""
        sizes = [item.size for item in self.downloads or self.wanted]
        known = [size for size in sizes if size is not None]
        return sum(known) if known and len(known) == len(sizes) else None


FILE_KEYS = {one.name for one in fields(File)}
CARD_KEYS = {one.name for one in fields(Entry)} - {"name", "kind", "folder"}


def entries() -> dict[str, Entry]:
    """Return every entry by name, data sets first, read once and again when a card changes."""
    paths = [*sorted(FOLDER.glob(f"*/{CARD}")), *sorted(FOLDER.glob(f"{WEIGHTS}/*/{CARD}"))]
    return _read(tuple((path, stamps.of(path)) for path in paths))


@lru_cache(maxsize=4)
def _read(paths: tuple[tuple[Path, stamps.Stamp], ...]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for path, _ in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CardError(f"the card {path} cannot be read: {error}") from error
        for name, entry in parse(text, path).items():
            if name in found:
                raise CardError(f"{path}: [{name}] has a card in {found[name].folder} already")
            found[name] = entry
    return found


def parse(text: str, path: Path) -> dict[str, Entry]:
    """Read the text of a card; an error names the entry and what is wrong with it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CardError(f"{path} is not valid TOML: {error}") from error
    found = {name: _entry(name, table, path) for name, table in tables.items()}
    problems = [problem for entry in found.values() for problem in problems_of(entry)]
    if problems:
        raise CardError(f"{path}:\n  " + "\n  ".join(problems))
    return found


def _entry(name: str, table: object, path: Path) -> Entry:
    if not isinstance(table, dict):
        raise CardError(f"{path}: {name!r} stands outside a table; begin the card with [name]")
    missing = [key for key in REQUIRED if key not in table]
    unknown = [key for key in table if key not in CARD_KEYS]
    if missing or unknown:
        told = [f"lacks {', '.join(missing)}"] if missing else []
        told += [f"does not know {', '.join(unknown)}"] if unknown else []
        raise CardError(f"{path}: [{name}] {' and '.join(told)}")
    values = dict(table)
    values["kind"] = "weights" if path.parent.parent.name == WEIGHTS else "dataset"
    values["folder"] = path.parent
    values["mirror"] = values.get("mirror", name)
    values["files"] = tuple(_file(name, item, path) for item in table.get("files", []))
    return Entry(name=name, **values)


def _file(entry: str, table: dict, path: Path) -> File:
    unknown = [key for key in table if key not in FILE_KEYS]
    if unknown or "name" not in table:
        told = f"does not know {', '.join(unknown)}" if unknown else "lacks its name"
        raise CardError(f"{path}: a file of [{entry}] {told}")
    values = {"path": table["name"], **table}
    values["alternate"] = tuple(values.get("alternate", ()))
    values["inside"] = tuple(values.get("inside", ()))
    return File(**values)


def problems_of(entry: Entry) -> list[str]:
    """Return what is wrong with an entry, one sentence each."""
    told = []
    if entry.status not in STATUSES:
        told.append(f"status {entry.status!r} is not one of {', '.join(STATUSES)}")
    names = [item.name for item in entry.files]
    told += [f"file {name} stands twice" for name in set(names) if names.count(name) > 1]
    for item in entry.files:
        for path in (item.name, item.path):
            if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
                told.append(f"{path} leaves the entry's folder")
        for key in ("sha256", "sha256_uncompressed", "mirror_sha256"):
            value = getattr(item, key)
            if value is not None and not _SHA256.fullmatch(value):
                told.append(f"{item.name}: {key} is not 64 hexadecimal digits in lower case")
        told += [f"{item.name}: no archive {x!r}" for x in item.inside if x not in names]
        if item.inside and not item.pinned:
            told.append(f"{item.name}: a file inside an archive needs its sum")
        if item.sha256_uncompressed and not item.name.endswith(".gz"):
            told.append(f"{item.name}: sha256_uncompressed is for .gz files")
    return [f"[{entry.name}] {problem}" for problem in told]


def get(name: str) -> Entry:
    """Return the entry of that name; an unknown one names its close matches."""
    known = entries()
    if name in known:
        return known[name]
    for entry in known.values():
        if entry.loaded_as == name:
            return entry
    loaded = [entry.loaded_as for entry in known.values() if entry.loaded_as]
    raise UnknownDataset(unknown_message(name, [*known, *loaded], "the catalogue"))


def unknown_message(name: object, known: list[str], where: str) -> str:
    """Return the sentence for a name that is not known: close matches, and how to list."""
    close = difflib.get_close_matches(str(name).lower(), known, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return f"{name!r} is not in {where}.{hint} All of them: python course.py data list"


def licence_of(name: str) -> str:
    """Return the licence of what was loaded under a name, empty where nothing is said."""
    try:
        return get(name).licence
    except UnknownDataset:
        return ""


def write_pin(name: str, file: str, sha256: str, size: int) -> None:
    """Write a sum into a card, which keeps its comments and its order.

    The new text is read back and compared before it takes the place of the old one.
    """
    path = get(name).folder / CARD
    text = path.read_text(encoding="utf-8")
    before = parse(text, path)
    changed = _with_pin(text, name, file, sha256, size, path)
    after = parse(changed, path)
    pinned = after[name].file(file)
    others = [key for key in before if key != name and before[key] != after.get(key)]
    if pinned.sha256 != sha256 or len(before) != len(after) or others:
        raise CardError(f"{path}: the sum of {name}/{file} could not be inserted")
    try:
        write_text(path, changed)
    except OSError as error:
        raise CardError(f"{path} cannot be written: {error.strerror}") from error


def _with_pin(text: str, name: str, file: str, sha256: str, size: int, path: Path) -> str:
    lines = text.splitlines(keepends=True)
    header = re.compile(rf'\s*\[\[\s*"?{re.escape(name)}"?\s*\.\s*files\s*\]\]')
    wanted = re.compile(rf"\s*name\s*=\s*[\"']{re.escape(file)}[\"']\s*(#.*)?$")
    starts = [i for i, line in enumerate(lines) if header.match(line)]
    for start in starts:
        stop = start + 1
        while stop < len(lines) and not lines[stop].lstrip().startswith("["):
            stop += 1
        block = range(start + 1, stop)
        if not any(wanted.match(lines[i].rstrip("\n")) for i in block):
            continue
        last = max(i for i in block if "=" in lines[i] and not lines[i].lstrip().startswith("#"))
        keys = [lines[i].split("=")[0].strip() for i in block]
        new = [] if "size" in keys else [f"size = {size}\n"]
        if not lines[last].endswith("\n"):
            lines[last] += "\n"
        lines[last + 1 : last + 1] = [*new, f'sha256 = "{sha256}"\n']
        return "".join(lines)
    raise CardError(f"{path}: no file {file!r} of [{name}] to pin")
