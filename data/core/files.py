"""Where the files of the course lie, and how they are written so that none is left half-written."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parents[2]
APP = "deep-vision-course"


def build_folder() -> Path:
    """Return the folder for what runs make: ``COURSE_BUILD_DIR``, else ``build/`` of the course.

    A relative path is taken from the working directory. So is ``build/`` where the course was
    installed as a package.
    """
    course = ROOT if (ROOT / "course.py").is_file() else Path()
    return Path(os.environ.get("COURSE_BUILD_DIR") or course / "build").expanduser().absolute()


def cache_dir() -> Path:
    """Return the cache folder: COURSE_CACHE_DIR, else the system's place for this user."""
    value = os.environ.get("COURSE_CACHE_DIR", "").strip()
    if value:
        return Path(value).expanduser()
    return Path(platformdirs.user_cache_dir(APP, appauthor=False))


@contextlib.contextmanager
def temporary_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path to write to; the file or folder gets its final name in the end.

    After an error nothing is left.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield part
        os.replace(part, path)
    finally:
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step, as UTF-8; see ``write_bytes``."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step: a crash leaves the old one whole.

    Folders are made as needed; a file that is replaced keeps its permissions. An error leaves
    nothing behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary_path(path) as part:
        part.write_bytes(content)
        if path.exists():
            part.chmod(path.stat().st_mode & 0o777)
