"""The loader of photographs in both tiers."""

import numpy as np
import pytest
from PIL import Image

from data import multiface as photos

SET = "photographs"


@pytest.fixture
def folder(tmp_path):
    """Small files in place of the five photographs."""
    for name in photos.REAL_COUNTS:
        Image.new("RGB", (8, 6), (200, 100, 50)).save(tmp_path / name)
    return tmp_path


def test_real_photographs_are_upright_rgb(folder, serve):
    grey = Image.new("L", (8, 6), 77)
    grey.save(folder / "obama_small.jpg")
    turned = Image.new("RGB", (8, 6))
    exif = turned.getexif()
    exif[274] = 6  # the camera was turned by a quarter
    turned.save(folder / "biden.jpg", exif=exif)
    record = serve(folder)
    assert record.boxes is None and sum(record.face_counts) == 13
    shapes = dict(zip(record.names, (image.shape for image in record.images), strict=True))
    assert shapes["biden"] == (8, 6, 3) and shapes["obama_small"] == (6, 8, 3)
    assert all(image.dtype == np.uint8 for image in record.images)
