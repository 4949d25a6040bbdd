"""Pack HAR: the tables of its official archive become ``har.npz``.

Run ``python -m data.har.pack``.
"""

import io
import re
import zipfile

import numpy as np

from data.core import packed
from data.core.fetch import Files
from data.har import CLASS_NAMES, Recordings, recordings


def official(files: Files) -> Recordings:
    """Read the recordings out of their archive, which is not unpacked.

    They are ``<class>/<class>_<number>_...csv`` in it.
    """
    found = []
    with zipfile.ZipFile(files.path("dataset.zip")) as archive:
        for member in archive.namelist():
            if match := re.search(r"((\w+?)_\d+)_[^/]*\.csv$", member):
                name, activity = match.groups()
                found.append((CLASS_NAMES.index(activity), name, member))
        _, names, members = zip(*sorted(found), strict=True)
        texts = [io.BytesIO(archive.read(member)) for member in members]
    return recordings(names, np.stack([np.loadtxt(t, np.float32, delimiter=",") for t in texts]))


def pack(har: Recordings) -> bytes:
    """Return the content of ``har.npz``: the values are whole numbers of mg within +-4000."""
    return packed.arrays_as_bytes(
        acceleration=har.acceleration.astype("<i2"), names=np.array(har.names, "S")
    )


if __name__ == "__main__":
    packed.main("har", official, pack)
