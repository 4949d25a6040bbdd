"""Reading labels from two lists of names."""

import zipfile

import numpy as np

COUNTS = {"Ada_Brook": 3, "Ben_Dale": 2, "Cora_Acker": 2, "Dan_Elm": 3}
MALE = (
    "Ben_Dale_0001.jpg\nBen_Dale_0002\nDan_Elm_0001.jpg\n\nDan_Elm_0002.jpg\nCora_Acker_0002.jpg\n"
)
FEMALE = (
    "Ada_Brook_0001.jpg\r\nAda_Brook_0002.jpg\r\nCora_Acker_0001.jpg\r\nCora_Acker_0002.jpg\r\n"
)


def test_only_photographs_of_exactly_one_list_are_read(tmp_path, picture, serve):
    grey = picture("one.jpg", (100, 100), 90, "L")
    with zipfile.ZipFile(tmp_path / "lfw_100.zip", "w") as packed:
        for name, count in COUNTS.items():
            for k in range(1, count + 1):
                packed.write(grey, f"{name}/{name}_{k:04d}.jpg")
    (tmp_path / "male_names.txt").write_text(MALE)
    (tmp_path / "female_names.txt").write_bytes(FEMALE.encode())
    real = serve()
    assert (real.data, real.source, real.fraction) == ("real", "local", 7 / 13224)
    assert real.names == tuple(COUNTS)
    np.testing.assert_array_equal(real.person, np.array([0, 0, 1, 1, 2, 3, 3]), strict=True)
    np.testing.assert_array_equal(real.labels, np.array([1, 1, 0, 0, 1, 0, 0]), strict=True)
    assert real.images.shape == (7, 100, 100, 3) and real.images.dtype == np.uint8
