"""A clip of several people as a video file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.core import samples, video
from data.core.cards import package_folder
from data.core.fetch import Files
from data.core.record import Record
from data.talking_faces import generator

FILE = "short_hamilton_clip.mp4"
CALL_FRAMES = 9


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Clips(Record):
    """Video files, and what is known of each."""

    paths: tuple[Path, ...]  # of the files, to be read with `utils.video.frames`
    names: tuple[str, ...]  # one a file
    frames: tuple[int, ...]  # number of frames, one a file

    @property
    def items(self) -> int:
        """Number of frames in all."""
        return sum(self.frames)


def read(files: Files) -> Clips:
    """Find the one recording of a stage."""
    return _clip("stage", files.path(FILE))


def sample() -> Clips:
    """Draw and encode a video call of five people, where it is not cached yet."""
    portrait = package_folder("scikit-image", "skimage") / "data" / "astronaut.png"
    home = samples.cache_folder("talking_faces", also=[portrait])  # it takes part in the call
    path = home / f"call_{CALL_FRAMES}.mp4"
    if not path.is_file():
        generator.encode(generator.call(0, CALL_FRAMES), path)
    return _clip("call", path)


def _clip(name: str, path: Path) -> Clips:
    return Clips(paths=(path,), names=(name,), frames=(video.info(path).frames,))
