"""Samples that take long to draw: drawn once, cached in the build folder, loaded the next time.

A cached sample belongs to the programs that drew it, to the packages that they compute with and to
the files that they start from. Where one of these changes, the sample is drawn again into another
folder; delete ``samples`` in the build folder to free its space. The tests have a build folder of
their own, and share the samples of the others through ``COURSE_SAMPLES_DIR``.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
from filelock import FileLock

import drawing
from data.core.files import build_folder, temporary_path

DATA = Path(__file__).parents[1]
DRAWING = Path(drawing.__file__).parent
# The packages that draw.
PACKAGES = ("matplotlib", "numpy", "opencv-python-headless", "pillow", "scikit-image", "scipy")


def cached_arrays(
    name: str,
    draw: Callable[[], Mapping[str, np.ndarray]],
    *arguments: int | str,
) -> Mapping[str, np.ndarray]:
    """Return the arrays of a sample by name, which ``draw`` makes where they are not cached yet.

    ``name`` is the folder of the set, whose programs use ``drawing``. ``arguments`` are the
    seed, and what else decides the arrays.
    """
    path = cache_folder(name) / f"{'-'.join(map(str, arguments)) or 'sample'}.npz"
    with FileLock(path.with_name(f".{path.stem}.lock")):  # of two processes, one draws
        if not path.is_file():
            with temporary_path(path) as part:
                np.savez(part, **draw())  # type: ignore[arg-type]  # none is called `allow_pickle`
    with np.load(path) as cached:
        return dict(cached)


def cache_folder(name: str, *, also: Sequence[Path] = ()) -> Path:
    """Return the folder in which the sample of a set is cached.

    Its name is a hash of all that decides the sample: of its `sources`, of files that it ``also``
    starts from, and of packages. Files of a sample's own are written with `files.temporary_path`.
    """
    digest = hashlib.sha256()
    for path in (*sources(name), *also):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    versions = [f"{package} {metadata.version(package)} " for package in PACKAGES]
    digest.update("".join(versions).encode())
    cache = Path(os.environ.get("COURSE_SAMPLES_DIR") or build_folder() / "samples")
    folder = cache / name / digest.hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sources(name: str) -> list[Path]:
    """Return the programs that draw the sample of a set, and the tables that they read.

    The reader is one of them: it says which sample is drawn.
    """
    folders, kinds = (DRAWING, DATA / name), ("*.py", "*.toml")
    files = [path for folder in folders for kind in kinds for path in folder.glob(kind)]
    others = ("gallery.py", "card.toml")
    return sorted(p for p in files if p.name not in others and not p.match("test_*"))
