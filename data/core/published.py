"""Published files of public repositories, from which the course packs its open pictures.

The card of such a set names repositories, each with the commit that was read. ``credits.csv`` in
its folder has a row a picture: where it was read, who published it where, and its licence. The
module ``pack`` in the folder makes the packed file of these files, and nothing else makes it::

    git clone https://github.com/OWNER/NAME CLONES/OWNER+NAME
    python -m data.caltech_faces.pack CLONES
"""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from data.core import cards, packed
from data.core.cards import DataError, Entry
from data.core.files import write_bytes

CREDITS = "credits.csv"
# What each credit says: where the file was read, where its picture was published, by whom.
COLUMNS = ("repository", "path", "address", "author", "licence")
QUALITY = 85  # of a JPEG
CLONES = "COURSE_CLONES_DIR"  # names the folder of clones in which tests look


class Published:
    """The files of a set as its repositories have them, whatever is checked out there.

    ``folder`` has a clone of each repository as OWNER+NAME. Use it in a ``with`` statement: one
    program of git for each repository serves the files.
    """

    def __init__(self, entry: Entry, folder: Path) -> None:
        self.entry, self.folder = entry, folder
        self.commits = {item.repository: item.commit for item in entry.published}
        self._servers: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Published":
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers.values():
            server.communicate()

    def credits(self) -> list[dict[str, str]]:
        """Return the rows of the set's ``credits.csv``, in the order of its pictures."""
        return credits(self.entry)

    def read(self, repository: str, path: str) -> bytes:
        """Return the content of a file at the commit of the card.

        A repository without a clone, or a file that is not there, is a DataError.
        """
        server = self._server(repository)
        assert server.stdin and server.stdout
        server.stdin.write(f"{self.commits[repository]}:{path}\n".encode())
        server.stdin.flush()
        answer = server.stdout.readline().decode()
        if answer.rstrip().endswith("missing"):
            raise DataError(f"{repository} has no {path} at commit {self.commits[repository]}")
        content = server.stdout.read(int(answer.split()[-1]))
        server.stdout.read(1)  # the end of the line after it
        return content

    def picture(self, repository: str, path: str) -> Image.Image:
        """Return a picture as Pillow reads it; what is none is a DataError."""
        try:
            picture = Image.open(io.BytesIO(self.read(repository, path)))
            picture.load()
        except (OSError, SyntaxError) as error:
            raise DataError(f"{repository}: {path} is no picture: {error}") from error
        return picture

    def _server(self, repository: str) -> "subprocess.Popen[bytes]":
        if repository not in self._servers:
            command = ["git", f"--git-dir={self._git_folder(repository)}", "cat-file", "--batch"]
            pipe = subprocess.PIPE
            self._servers[repository] = subprocess.Popen(command, stdin=pipe, stdout=pipe)
        return self._servers[repository]

    def _git_folder(self, repository: str) -> Path:
        clone = self.folder / repository.replace("/", "+")
        for path in (clone / ".git", clone, clone / "repo" / ".git", clone / "repo"):
            if (path / "objects").is_dir():
                return path
        raise DataError(
            f"there is no clone of {repository} in {self.folder}. Make it with: "
            f"git clone https://github.com/{repository} {clone}"
        )


def credits(entry: Entry) -> list[dict[str, str]]:
    """Return who is credited for each picture of a set, in the order of its pictures.

    A missing file, or one without a column of `COLUMNS`, is a DataError.
    """
    path = entry.folder / CREDITS
    help_ = f"Get it back with `git checkout data/{entry.name}`."
    if not path.is_file():
        raise DataError(f"data/{entry.name}/{CREDITS} is missing. {help_}")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise DataError(f"data/{entry.name}/{CREDITS} lacks one of {', '.join(COLUMNS)}. {help_}")
    return rows


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture, RGB or grey, as the content of a JPEG file."""
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=QUALITY, optimize=True)
    return content.getvalue()


def png(labels: np.ndarray) -> bytes:
    """Return labels, (h, w) uint8 or bool, as the content of a PNG file, without loss."""
    content = io.BytesIO()
    Image.fromarray(labels).save(content, "PNG", optimize=True)
    return content.getvalue()


def in_one(name: str, files: Sequence[bytes]) -> dict[str, np.ndarray]:
    """Return the contents of files as two arrays of a packed file: all bytes, and where each ends.

    `unpacked` gives them back as pictures.
    """
    ends = np.cumsum([len(content) for content in files])
    return {name: np.frombuffer(b"".join(files), np.uint8), f"{name}_ends": ends.astype("<u4")}


def unpacked(arrays: dict[str, np.ndarray], name: str) -> list[np.ndarray]:
    """Return the pictures or labels that `in_one` packed under a name.

    Each is uint8, or bool for labels of one bit: (h, w, 3) in colour, else (h, w).
    """
    ends = arrays[f"{name}_ends"]
    starts = np.concatenate([[0], ends[:-1]])
    parts = [arrays[name][a:b].tobytes() for a, b in zip(starts, ends, strict=True)]
    return [np.array(Image.open(io.BytesIO(part))) for part in parts]


def main(name: str, pack: Callable[[Published], bytes]) -> None:
    """Write the packed file of a set: ``python -m data.NAME.pack CLONES``.

    What is printed says whether the card knows the file.
    """
    entry = cards.get(name)
    folder = sys.argv[1] if len(sys.argv) == 2 else os.environ.get(CLONES)
    if not folder:
        sys.exit(f"usage: python -m data.{name}.pack CLONES, a folder with clones as OWNER+NAME")
    try:
        with Published(entry, Path(folder)) as files:
            content = pack(files)
    except DataError as error:
        sys.exit(str(error))
    write_bytes(entry.folder / str(entry.packed), content)
    print(packed.verdict(entry, content))
