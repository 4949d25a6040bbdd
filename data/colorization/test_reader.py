"""Reading the photographs: three folders, 256x256, some of them grey."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data import colorization
from utils.data import DataError


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two of each part: coloured, grey, and larger ones with a fourth channel."""
    made = {
        "train": ("RGB", 256, (200, 40, 80)),
        "test": ("L", 256, 90),
        "new": ("RGBA", 400, (40, 200, 80, 255)),
    }
    for part, (mode, side, colour) in made.items():
        home = tmp_path / colorization.FOLDERS[part]
        home.mkdir(parents=True)
        for name in ("b", "a"):
            kind = "PNG" if mode == "RGBA" else "JPEG"
            Image.new(mode, (side, side), colour).save(home / f"{name}.jpg", kind)
        (home / "._a.jpg").write_bytes(b"of an Apple computer")
    return tmp_path


def test_the_real_tier_reads_three_parts_and_brings_them_to_one_size(folder, serve):
    real = serve(folder)
    assert real.images.shape == (6, 256, 256, 3) and real.images.dtype == np.uint8
    assert real.part.tolist() == ["train"] * 2 + ["test"] * 2 + ["new"] * 2
    assert real.names == ("a", "b") * 3 and real.fraction == 6 / 21
    assert abs(real.of("new").reshape(-1, 3).mean(0) - (40, 200, 80)).max() < 2
    Image.new("RGB", (300, 256)).save(folder / colorization.FOLDERS["train"] / "c.jpg")
    with pytest.raises(DataError, match="c.jpg: .* found 300x256"):
        serve(folder)
