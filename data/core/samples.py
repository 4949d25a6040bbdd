"""Samples that take long to draw: drawn once, cached in the build folder, loaded the next time.

A cached sample belongs to the programs that drew it, to the packages that they compute with and to
the files that they start from. Where one of these changes, the sample is drawn again into another
folder; delete ``samples`` in the build folder to free its space. Where the build folder takes no
files, a sample is drawn each time.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np
from filelock import FileLock

from data.core.files import build_folder, temporary_path

DATA = Path(__file__).parents[1]
# The packages that draw.
PACKAGES = ("matplotlib", "numpy", "opencv-python-headless", "pillow", "scikit-image", "scipy")


def cached_arrays(
    name: str,
    draw: Callable[[], Mapping[str, np.ndarray]],
    *arguments: int | str,
    also: Sequence[Path] = (),
) -> Mapping[str, np.ndarray]:
    """Return the arrays of a sample, which are drawn where they are not cached yet.

    Parameters
    ----------
    name : str
        The folder of the data set: its ``generator.py`` and the kit are what draws.
    draw : callable
        Returns the arrays by name.
    *arguments : int or str
        The seed, and what else decides the arrays that ``draw`` returns.
    also : sequence of Path
        More programs or files that the sample follows from.
    """
    path = _version(name, also) / f"{'-'.join(map(str, arguments)) or 'sample'}.npz"
    cached: Mapping[str, np.ndarray] | None = _read(path)
    if cached is None:
        with _locked(path.parent):  # of two processes that need it at once, one draws
            cached = _read(path) or _draw(path, draw)
    return cached


def _draw(path: Path, draw: Callable[[], Mapping[str, np.ndarray]]) -> Mapping[str, np.ndarray]:
    arrays = draw()
    with contextlib.suppress(OSError):  # the build folder takes no files
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary_path(path) as part:
            np.savez(part, **arrays)  # type: ignore[arg-type]  # none is called `allow_pickle`
    return arrays


def cache_folder(name: str, *, also: Sequence[Path] = ()) -> Path:
    """Return where a sample caches files of its own; a temporary folder where it takes none.

    Parameters are those of `cached_arrays`. Files are written with `files.temporary_path`.
    """
    folder = _version(name, also)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return _temporary(name)


def sources(name: str) -> list[Path]:
    """Return the programs that draw the sample of a set."""
    kit = [path for path in sorted((DATA / "kit").glob("*.py")) if path.name[:5] != "test_"]
    return [*kit, DATA / name / "generator.py"]


def _version(name: str, also: Sequence[Path]) -> Path:
    """Return the folder of a set's sample; its name is a hash of all that decides the numbers."""
    digest = hashlib.sha256()
    for path in (*sources(name), *also):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    versions = [f"{package} {metadata.version(package)} " for package in PACKAGES]
    digest.update("".join(versions).encode())
    return build_folder() / "samples" / name / digest.hexdigest()[:16]


def _read(path: Path) -> dict[str, np.ndarray] | None:
    """Read cached arrays; None where there are none, or where the file is damaged."""
    try:
        with np.load(path) as cached:
            return dict(cached)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, where there is a place for one."""
    lock = FileLock(folder.with_name(f".{folder.name}.lock"))
    with contextlib.suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@lru_cache
def _temporary(name: str) -> Path:
    folder = tempfile.mkdtemp(prefix=f"{name}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
