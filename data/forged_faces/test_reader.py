"""The layout of the report's two folders, on pictures made here."""

import numpy as np
import pytest
from PIL import Image

from data import forged_faces


class Files:
    """As the loader hands it to a reader: where the set lies."""

    def __init__(self, folder):
        self._folder = folder

    def folder(self):
        return self._folder


@pytest.fixture
def official(tmp_path):
    """Two pictures a folder, in one colour: 10 times the number of the folder."""
    number = 0
    for home in forged_faces.SETS.values():
        for part in forged_faces.FOLDERS.values():
            for name in ("real", "fake"):
                folder = tmp_path / home / part / name
                folder.mkdir(parents=True)
                number += 1
                for i in range(2):
                    pixels = np.full((256, 256, 3), 10 * number, np.uint8)
                    Image.fromarray(pixels).save(folder / f"{i}.png")
    return tmp_path


def test_each_set_has_its_own_real_pictures(official):
    faces = forged_faces.read(Files(official))
    assert faces.images.shape == (24, 256, 256, 3) and faces.items == 8  # of the test parts
    images, labels, numbers = faces.deepfakes("validation")
    assert sorted(images[labels == 0, 0, 0, 0]) == [30, 30]
    assert sorted(images[labels == 1, 0, 0, 0]) == [40, 40]
    images, labels, _ = faces.synthetic("test")
    assert sorted(images[labels == 0, 0, 0, 0]) == [110, 110]
    assert sorted(images[labels == 1, 0, 0, 0]) == [120, 120]
    assert not faces.regions(numbers).any()  # what was pasted is not known
