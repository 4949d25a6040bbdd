"""Reading chest X-rays: a local folder's layout, and that of the official archive."""

import numpy as np
from PIL import Image

NAMES = ["MCUCXR_0002_1", "CHNCXR_0007_0", "CHNCXR_0001_1"]


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def lung(rows=slice(40, 200), side=256):
    mask = np.zeros((side, side), np.uint8)
    mask[rows, side // 4 : side // 2] = 255
    return mask


def test_x_rays_masks_and_what_the_names_say_stay_together(tmp_path, serve):
    for i, name in enumerate(NAMES):
        save(tmp_path / "images" / f"{name}.jpg", np.full((256, 256), 40 * i + 20, np.uint8))
        save(tmp_path / "masks" / f"{name}.png", lung(slice(40, 100 + 20 * i)))
    (tmp_path / "images" / ".DS_Store").write_bytes(b"no picture")
    record = serve()
    assert record.hospital.tolist() == ["shenzhen", "shenzhen", "montgomery"]
    assert record.fraction == 3 / 800
    assert record.images.dtype == np.uint8 and record.images.shape == (3, 256, 256)
    np.testing.assert_allclose(record.images.mean(axis=(1, 2)), [100, 60, 20], atol=1)
    assert record.masks.dtype == bool
    assert record.masks.sum(axis=(1, 2)).tolist() == [100 * 64, 80 * 64, 60 * 64]


def test_the_official_archive_has_a_mask_a_lung(tmp_path, picture, serve):
    name, left = "MCUCXR_0001_0.png", lung(side=512)
    picture(f"MontgomerySet/CXR_png/{name}", (512, 512), 90, "L")
    save(tmp_path / "MontgomerySet/ManualMask/leftMask" / name, left)
    save(tmp_path / "MontgomerySet/ManualMask/rightMask" / name, left[:, ::-1] > 0)  # one bit
    record = serve()
    assert record.hospital.tolist() == ["montgomery"]
    whole = (left | left[:, ::-1]) > 0
    np.testing.assert_array_equal(record.masks[0], whole[::2, ::2], strict=True)
