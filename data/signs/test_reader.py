"""Reading SIGNS: three folders, the label first in each name, 64x64."""

import numpy as np
import pytest


def test_three_parts_and_labels_from_names_are_read(tmp_path, picture, serve):
    for k, part in enumerate(("train", "val", "test")):  # green says the part
        home = f"64x64_SIGNS/{part}_signs"
        for label in (5, 0):
            picture(f"{home}/{label}_IMG_{k} (1).jpg", (64, 64), (40 * label, 80 * k, 0))
        (tmp_path / home / "._0_IMG_1.jpg").write_bytes(b"of an Apple computer")
    real = serve()
    assert real.images.shape == (6, 64, 64, 3) and real.images.dtype == np.uint8
    assert real.labels.tolist() == [0, 5] * 3 and real.labels.dtype == np.int64
    assert real.part.tolist() == ["train"] * 2 + ["val"] * 2 + ["test"] * 2
    assert real.fraction == 6 / 1200
    images, labels = real.split("val")
    np.testing.assert_array_equal(images, real.images[2:4], strict=True)
    assert labels.tolist() == [0, 5]
    assert abs(int(images[1, 5, 5, 0]) - 200) < 4 and abs(int(images[1, 5, 5, 1]) - 80) < 4
    with pytest.raises(ValueError, match="'dev'.*test, train, val"):
        real.split("dev")
