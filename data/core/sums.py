"""Sums of files: computed, compared with what a card says, and what to say where they differ."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

from data.core import stamps
from data.core.cards import DataError, File


class ChecksumError(DataError):
    """A file is not what it should be."""


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


def has_sum(path: Path, expected: str, compute: Callable[[Path], str] = sha256) -> str | None:
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


def official(item: File) -> str:
    """Return the sum by which a file is known, empty where none is."""
    return item.sha256_uncompressed or item.sha256 or ""


def mismatch(item: File, path: Path) -> str | None:
    """Compare a file with the official sum of its card; None where it is right."""
    if item.sha256_uncompressed:
        return has_sum(path, item.sha256_uncompressed, sha256_uncompressed)
    return has_sum(path, item.sha256) if item.sha256 else None


def checksum_error(path: object, expected: str, found: str, hint: str) -> ChecksumError:
    """Return the error that names a file, both sums and what to do."""
    return ChecksumError(
        f"{path} is not the file it should be.\n  expected {expected}\n  found    {found}\n  {hint}"
    )
