"""The mirror: a folder with the official files, as COURSE_DATA_DIR names it, and its manifests."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from data.core.cards import DataError, Entry, File
from data.core.files import write_text
from data.core.sums import checksum_error, has_sum, mismatch, official, sha256

MANIFEST = "MANIFEST.sha256"
REPAIR = f"The mirror disagrees with its {MANIFEST}: copy the file again."


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
            raise checksum_error(path, listed, "no file", REPAIR)
        return None
    if listed:
        found = has_sum(path, listed)
        if found:
            raise checksum_error(path, listed, found, REPAIR)
    elif not (item.pinned or item.mirror_sha256):
        raise MirrorError(
            f"{path} stands in no {MANIFEST} and its card knows no sum of it. "
            f"If you trust it, add its line:  sha256sum ./{item.path} >> {MANIFEST}"
        )
    found = has_sum(path, item.mirror_sha256) if item.mirror_sha256 else None
    if item.pinned and (found or not item.mirror_sha256):
        found = mismatch(item, path)
    if found:
        known = official(item) or item.mirror_sha256 or ""
        raise checksum_error(path, known, found, "Its card knows another file.")
    return path


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


def write_manifest(folder: Path) -> None:
    """Write the sums of all files of a folder into its manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{sha256(path)}  ./{path.relative_to(folder).as_posix()}\n" for path in files]
    write_text(folder / MANIFEST, "".join(lines))


def check_tree(folder: Path, repair: str = REPAIR) -> int:
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
        found = has_sum(path, expected) if path.is_file() else "no file"
        if found:
            raise checksum_error(path, expected, found, repair)
    for path in folder.rglob("[!.]*"):
        name = path.relative_to(folder).as_posix()
        if name not in sums and name != MANIFEST and path.is_file():
            raise checksum_error(path, f"no such file in {MANIFEST}", "a file", repair)
    return len(sums)
