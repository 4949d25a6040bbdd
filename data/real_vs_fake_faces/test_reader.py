"""Reading real and fake faces: two folders of two classes each, and the fixed parts."""

import numpy as np


def test_both_folders_are_joined_and_dealt_to_the_parts(tmp_path, picture, serve):
    for k, kind in enumerate(("real", "fake")):
        for i in range(1, 8):  # the last one of a class lies in the second folder
            folder = "images" if i < 7 else "val_images"
            picture(f"{folder}/{kind}/{kind}_{i}.jpg", (224, 224), (20 * i, 200 * k, 0))
    (tmp_path / "images" / "real" / "._real_1.jpg").write_bytes(b"of an Apple computer")
    (tmp_path / "images" / "real" / "Thumbs.db").write_bytes(b"of a Windows computer")
    real = serve()
    assert real.images.shape == (14, 224, 224, 3) and real.images.dtype == np.uint8
    assert real.labels.tolist() == [0] * 7 + [1] * 7 and real.labels.dtype == np.int64
    dealt = ["train", "train", "train", "validation", "test", "train", "train"]
    assert real.part.tolist() == dealt * 2
    assert real.fraction == 14 / 1289
    red = real.images[:, 100, 100, 0].astype(int)
    assert np.abs(red - 20 * np.tile(np.arange(1, 8), 2)).max() < 5
    images, labels = real.split("test")
    assert labels.tolist() == [0, 1] and images[1, 5, 5, 1] > 190
