"""Reading chest X-rays: three layouts, the folds, and files that are refused by name."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

NAMES = ["MCUCXR_0002_1", "CHNCXR_0007_0", "CHNCXR_0001_1"]


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def lung(rows: slice = slice(40, 200), side: int = 256) -> np.ndarray:
    mask = np.zeros((side, side), np.uint8)
    mask[rows, side // 4 : side // 2] = 255
    return mask


@pytest.fixture
def copied(tmp_path) -> Path:
    """A local folder's layout: X-rays and masks of the same stem, already of 256x256."""
    for i, name in enumerate(NAMES):
        grey = np.full((256, 256), 40 * i + 20, np.uint8)
        save(tmp_path / "images" / f"{name}.jpg", grey)
        save(tmp_path / "masks" / f"{name}.png", lung(slice(40, 100 + 20 * i)))
    (tmp_path / "images" / ".DS_Store").write_bytes(b"no picture")
    return tmp_path


def test_x_rays_masks_and_what_the_names_say_stay_together(copied, serve):
    record = serve(copied)
    assert record.names == ("CHNCXR_0001_1", "CHNCXR_0007_0", "MCUCXR_0002_1")
    assert record.hospital.tolist() == ["shenzhen", "shenzhen", "montgomery"]
    assert record.tuberculosis.tolist() == [True, False, True]
    assert record.fraction == 3 / 800
    assert record.images.dtype == np.uint8 and record.images.shape == (3, 256, 256)
    np.testing.assert_allclose(record.images.mean(axis=(1, 2)), [100, 60, 20], atol=1)
    assert record.masks.dtype == bool
    assert record.masks.sum(axis=(1, 2)).tolist() == [100 * 64, 80 * 64, 60 * 64]


def test_the_official_archives_give_both_hospitals(tmp_path, serve):
    root, side = tmp_path / "MontgomerySet", 512
    save(root / "CXR_png" / "MCUCXR_0001_0.png", np.full((side, side), 90, np.uint8))
    left = lung(side=side)
    save(root / "ManualMask" / "leftMask" / "MCUCXR_0001_0.png", left)
    one_bit = Image.fromarray(left[:, ::-1]).convert("1")
    (root / "ManualMask" / "rightMask").mkdir()
    one_bit.save(root / "ManualMask" / "rightMask" / "MCUCXR_0001_0.png")
    china = tmp_path / "ChinaSet_AllFiles"
    for name in ("CHNCXR_0001_0", "CHNCXR_0002_1"):
        save(china / "CXR_png" / f"{name}.png", np.full((300, 260, 3), 120, np.uint8))
    record = serve(tmp_path)
    assert record.names == ("MCUCXR_0001_0",)  # no masks of Shenzhen in the archive
    whole = (left | left[:, ::-1]) > 0
    np.testing.assert_array_equal(record.masks[0], whole[::2, ::2], strict=True)
    mask = np.zeros((300, 260), np.uint8)
    mask[30:270, 26:130] = 255
    save(china / "mask" / "CHNCXR_0002_1_mask.png", mask)
    record = serve(tmp_path)
    assert record.names == ("CHNCXR_0002_1", "MCUCXR_0001_0")
    assert record.masks[0].mean() == pytest.approx(0.32, abs=0.01)
