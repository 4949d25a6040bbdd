"""Reading the photographs: three folders, 256x256, some of them grey."""

import numpy as np

from data.colorization import FOLDERS

MADE = {
    "train": (256, (200, 40, 80), "RGB", "JPEG"),
    "test": (256, 90, "L", "JPEG"),
    "new": (400, (40, 200, 80, 255), "RGBA", "PNG"),  # larger, with a fourth channel
}


def test_three_parts_are_read_and_brought_to_one_size(tmp_path, picture, serve):
    for part, (side, colour, mode, kind) in MADE.items():
        for name in ("b", "a"):
            picture(f"{FOLDERS[part]}/{name}.jpg", (side, side), colour, mode, format=kind)
        (tmp_path / FOLDERS[part] / "._a.jpg").write_bytes(b"of an Apple computer")
    real = serve()
    assert real.images.shape == (6, 256, 256, 3) and real.images.dtype == np.uint8
    assert real.part.tolist() == ["train"] * 2 + ["test"] * 2 + ["new"] * 2
    assert real.names == ("a", "b") * 3 and real.fraction == 6 / 21
    assert abs(real.of("new").reshape(-1, 3).mean(0) - (40, 200, 80)).max() < 2
