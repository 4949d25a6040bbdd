"""Reading SIGNS: three folders, the label first in each name, 64x64."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from utils.data import DataError


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two photographs a part, of 0 and of 5, whose green says the part."""
    for k, part in enumerate(("train", "val", "test")):
        home = tmp_path / "64x64_SIGNS" / f"{part}_signs"
        home.mkdir(parents=True)
        for label in (5, 0):
            picture = Image.new("RGB", (64, 64), (40 * label, 80 * k, 0))
            picture.save(home / f"{label}_IMG_{k} (1).jpg", quality=95)
        (home / "._0_IMG_1.jpg").write_bytes(b"of an Apple computer")
    return tmp_path


def test_the_real_tier_reads_three_parts_and_labels_from_names(folder, serve):
    real = serve(folder)
    assert real.images.shape == (6, 64, 64, 3) and real.images.dtype == np.uint8
    assert real.labels.tolist() == [0, 5] * 3 and real.labels.dtype == np.int64
    assert real.part.tolist() == ["train"] * 2 + ["val"] * 2 + ["test"] * 2
    assert real.names[:2] == ("0_IMG_0 (1)", "5_IMG_0 (1)")
    assert real.fraction == 6 / 1200
    images, labels = real.split("val")
    np.testing.assert_array_equal(images, real.images[2:4], strict=True)
    assert labels.tolist() == [0, 5]
    assert abs(int(images[1, 5, 5, 0]) - 200) < 4 and abs(int(images[1, 5, 5, 1]) - 80) < 4
    with pytest.raises(ValueError, match="'dev' is not one of train, val, test"):
        real.split("dev")
    home = folder / "64x64_SIGNS" / "val_signs"
    (home / "5_IMG_1 (1).jpg").rename(home / "6_IMG_1.jpg")
    with pytest.raises(DataError, match="6_IMG_1.jpg: .* begins with its label"):
        serve(folder)
