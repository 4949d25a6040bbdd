"""Reading labels from two lists of names, and the drawn people in their place."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

COUNTS = {"Ada_Brook": 3, "Ben_Dale": 2, "Cora_Acker": 2, "Dan_Elm": 3}
MALE = (
    "Ben_Dale_0001.jpg\nBen_Dale_0002\nDan_Elm_0001.jpg\n\nDan_Elm_0002.jpg\nCora_Acker_0002.jpg\n"
)
FEMALE = (
    "Ada_Brook_0001.jpg\r\nAda_Brook_0002.jpg\r\nCora_Acker_0001.jpg\r\nCora_Acker_0002.jpg\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of grey pictures and the two lists."""
    stream = io.BytesIO()
    Image.new("L", (100, 100), 90).save(stream, "JPEG")
    with zipfile.ZipFile(tmp_path / "lfw_100.zip", "w") as packed:
        for name, count in COUNTS.items():
            for k in range(1, count + 1):
                packed.writestr(f"{name}/{name}_{k:04d}.jpg", stream.getvalue())
    (tmp_path / "male_names.txt").write_text(MALE)
    (tmp_path / "female_names.txt").write_bytes(FEMALE.encode())
    return tmp_path


def test_only_photographs_of_exactly_one_list_are_read(folder, serve):
    got = serve(folder)
    assert (got.data, got.source, got.fraction) == ("real", "local", 7 / 13224)
    assert got.names == tuple(COUNTS)
    np.testing.assert_array_equal(got.person, np.array([0, 0, 1, 1, 2, 3, 3]), strict=True)
    np.testing.assert_array_equal(got.labels, np.array([1, 1, 0, 0, 1, 0, 0]), strict=True)
    assert got.images.shape == (7, 100, 100, 3) and got.images.dtype == np.uint8
