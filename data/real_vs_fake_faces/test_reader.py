"""Reading real and fake faces: two folders of two classes each, and the fixed parts."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def folder(tmp_path) -> Path:
    """Seven pictures a class, whose red says which: the last one lies in the second folder."""
    for k, kind in enumerate(("real", "fake")):
        for i in range(1, 8):
            home = tmp_path / ("images" if i < 7 else "val_images") / kind
            home.mkdir(parents=True, exist_ok=True)
            picture = Image.new("RGB", (224, 224), (20 * i, 200 * k, 0))
            picture.save(home / f"{kind}_{i}.jpg", quality=95)
    (tmp_path / "images" / "real" / "._real_1.jpg").write_bytes(b"of an Apple computer")
    (tmp_path / "images" / "real" / "Thumbs.db").write_bytes(b"of a Windows computer")
    return tmp_path


def test_the_real_tier_joins_both_folders_and_deals_the_parts(folder, serve):
    real = serve(folder)
    assert real.images.shape == (14, 224, 224, 3) and real.images.dtype == np.uint8
    assert real.labels.tolist() == [0] * 7 + [1] * 7 and real.labels.dtype == np.int64
    assert real.names[:2] == ("real_1", "real_2") and real.names[-1] == "fake_7"
    dealt = ["train", "train", "train", "validation", "test", "train", "train"]
    assert real.part.tolist() == dealt * 2
    assert real.fraction == 14 / 1289
    red = real.images[:, 100, 100, 0].astype(int)
    assert np.abs(red - 20 * np.tile(np.arange(1, 8), 2)).max() < 5
    images, labels = real.split("test")
    assert labels.tolist() == [0, 1] and images[1, 5, 5, 1] > 190
