"""Reading the Penn-Fudan pedestrians: photographs and masks that belong together."""

import numpy as np
from PIL import Image


def test_png_and_jpg_and_people_by_number_are_read(tmp_path, picture, serve):
    (tmp_path / "PedMasks").mkdir()
    for k in range(6):  # the k-th photograph shows k people
        name = f"FudanPed{k + 1:05d}"
        picture(f"PNGImages/{name}{'.png' if k % 2 else '.jpg'}", (40, 30 + k), (10 * k, 0, 0))
        mask = np.zeros((30 + k, 40), np.uint8)
        for person in range(k):
            mask[5:20, 6 * person : 6 * person + 4] = person + 1
        stored = Image.fromarray(mask)
        if k == 3:
            stored = stored.convert("P")  # the official masks have a palette
        stored.save(tmp_path / "PedMasks" / f"{name}_mask.png")
    (tmp_path / "PNGImages" / "._FudanPed00001.png").write_bytes(b"of an Apple computer")
    real = serve()
    people = [len(np.unique(mask)) - 1 for mask in real.masks]
    assert people == [0, 1, 2, 3, 4, 5]  # nobody is allowed, and stays in
    assert real.folds.tolist() == [0] * 6 and real.folds.dtype == np.int64
    assert real.fraction == 6 / 170
    for k in range(6):
        assert real.images[k].shape == (30 + k, 40, 3) and real.masks[k].shape == (30 + k, 40)
        assert abs(int(real.images[k][0, 0, 0]) - 10 * k) < 4
