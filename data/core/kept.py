"""Samples that take long to draw: drawn once, kept below the build folder, loaded the next time.

What is kept belongs to the programs that drew it, to the packages that they compute with and to
the files that they start from. Where one of these changes, the sample is drawn again beside the old
version, which another checkout with the same build folder may use; a version that nobody has used
for a month is deleted. A build folder that takes no files only costs time.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np
from filelock import FileLock

from data.core.files import build_folder

DATA = Path(__file__).parents[1]
MONTH = 30 * 24 * 3600  # seconds
# What draws.
PACKAGES = ("matplotlib", "numpy", "opencv-python-headless", "pillow", "scikit-image", "scipy")


def arrays(
    name: str,
    draw: Callable[[], Mapping[str, np.ndarray]],
    *told: int | str,
    also: Sequence[Path] = (),
) -> Mapping[str, np.ndarray]:
    """Return the arrays of a sample; they are drawn where they are not kept yet.

    Parameters
    ----------
    name : str
        The folder of the data set: its ``generator.py`` and the kit are what draws.
    draw : callable
        Returns the arrays by name.
    *told : int or str
        The seed, and what else ``draw`` was told.
    also : sequence of Path
        More programs or files that the sample follows from.
    """
    home = _home(name, also)
    path = home / f"{'-'.join(map(str, told)) or 'sample'}.npz"
    found: Mapping[str, np.ndarray] | None = _read(path)
    if found is None:
        with _alone(home.parent):  # two that need it at once: one draws, the other waits
            found = _read(path) or _draw(path, draw)
    return found


def _draw(path: Path, draw: Callable[[], Mapping[str, np.ndarray]]) -> Mapping[str, np.ndarray]:
    found = draw()
    with contextlib.suppress(OSError):  # no place for files: it is drawn anew the next time
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as part:
            np.savez(part, **found)  # type: ignore[arg-type]  # no set has an array `allow_pickle`
        _delete_unused(path.parent)
    return found


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a set's samples, where there is a place for one."""
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    with contextlib.suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def folder(name: str, *, also: Sequence[Path] = ()) -> Path:
    """Return where a sample keeps files of its own; a temporary folder where none can be kept.

    Parameters are those of `arrays`. Files are written with `whole`.
    """
    home = _home(name, also)
    try:
        with _alone(home.parent):
            home.mkdir(parents=True, exist_ok=True)
            os.utime(home)
            with tempfile.TemporaryFile(dir=home):
                _delete_unused(home)
        return home
    except OSError:
        return _temporary(name)


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; the file gets its final name once it is whole."""
    part = path.with_name(f".{path.stem}.{os.getpid()}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def sources(name: str) -> list[Path]:
    """Return the programs that draw the sample of a set."""
    kit = [path for path in sorted((DATA / "kit").glob("*.py")) if path.name[:5] != "test_"]
    return [*kit, DATA / name / "generator.py"]


def _home(name: str, also: Sequence[Path]) -> Path:
    """Return the folder of a set's sample; its name is a sum over all that decides the numbers."""
    digest = hashlib.sha256()
    for path in (*sources(name), *also):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    digest.update("".join(f"{one} {metadata.version(one)} " for one in PACKAGES).encode())
    return build_folder() / "samples" / name / digest.hexdigest()[:16]


def _read(path: Path) -> dict[str, np.ndarray] | None:
    """Read kept arrays; None where there are none, or where the file is damaged."""
    try:
        with np.load(path) as kept:
            found = dict(kept)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
    with contextlib.suppress(OSError):  # another user's folder
        os.utime(path.parent)
    return found


def _delete_unused(home: Path) -> None:
    """Delete the other versions of a set's sample that were not used for a month."""
    for other in home.parent.iterdir():
        if other != home and other.stat().st_mtime < time.time() - MONTH:
            shutil.rmtree(other, ignore_errors=True)


@lru_cache
def _temporary(name: str) -> Path:
    made = tempfile.mkdtemp(prefix=f"{name}-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)
