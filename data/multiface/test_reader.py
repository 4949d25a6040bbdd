"""The loader of photographs in both tiers."""

import numpy as np
import pytest
from PIL import Image

from data import multiface as photos
from data.core import fetch
from data.core.cards import DataError
from utils import data


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Serve small files in place of the five photographs."""
    for name in photos.REAL_COUNTS:
        Image.new("RGB", (8, 6), (200, 100, 50)).save(tmp_path / name)

    def answer(entry, file):
        assert entry == "photographs"
        return fetch.Fetched(tmp_path / file, "local")

    monkeypatch.setattr(fetch, "fetch", answer)
    return tmp_path


def test_real_photographs_are_upright_rgb(served):
    grey = Image.new("L", (8, 6), 77)
    grey.save(served / "obama_small.jpg")
    turned = Image.new("RGB", (8, 6))
    exif = turned.getexif()
    exif[274] = 6  # the camera was turned by a quarter
    turned.save(served / "biden.jpg", exif=exif)
    record = data.load("photographs", "real")
    assert (record.data, record.source) == ("real", "local")
    assert record.boxes is None and sum(record.face_counts) == 13
    shapes = dict(zip(record.names, (image.shape for image in record.images), strict=True))
    assert shapes["biden"] == (8, 6, 3) and shapes["obama_small"] == (6, 8, 3)
    assert all(image.dtype == np.uint8 for image in record.images)


def test_a_corrupt_picture_is_named(served):
    (served / "multiface.jpg").write_bytes(b"no picture")
    with pytest.raises(DataError, match="multiface.jpg cannot be read"):
        data.load("photographs", "real")
    whole = (served / "biden.jpg").read_bytes()
    (served / "biden.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="biden.jpg cannot be read"):
        data.load("photographs", "real")
