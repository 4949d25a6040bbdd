"""Reading the Olivetti file, and the drawn set in its place."""

import numpy as np
import pytest
from scipy.io import savemat

from data import olivetti as faces
from utils import data


@pytest.fixture
def upright() -> np.ndarray:
    """Twenty pictures that are brighter towards the bottom, each with its number in a corner."""
    images = np.zeros((20, 64, 64), np.uint8)
    images[:] = np.arange(64, dtype=np.uint8)[:, None]
    images[:, 0, 63] = np.arange(20)
    return images


def save(path, images):
    # MATLAB's order: one face a column, each read column by column.
    savemat(path, {"faces": images.transpose(0, 2, 1).reshape(len(images), -1).T})


def test_faces_stand_upright_and_keep_their_order(tmp_path, upright):
    save(tmp_path / "faces.mat", upright)
    read = faces.read_mat(tmp_path / "faces.mat")
    assert read.shape == (20, 64, 64) and read.dtype == np.float32
    np.testing.assert_allclose(read * 255, upright, atol=1e-4)


@pytest.mark.parametrize(
    "content",
    [
        {"other": np.zeros((4096, 10))},
        {"faces": np.zeros((4095, 10))},
        {"faces": np.zeros((4096, 11))},
    ],
)
def test_another_file_is_refused_with_what_was_found(tmp_path, content):
    savemat(tmp_path / "wrong.mat", content)
    with pytest.raises(data.DataError, match=r"wrong\.mat: expected an array 'faces'"):
        faces.read_mat(tmp_path / "wrong.mat")


def test_the_real_set_numbers_ten_faces_a_person(tmp_path, monkeypatch, upright):
    from data.core import fetch

    save(tmp_path / "olivettifaces.mat", upright)
    served = fetch.Fetched(path=tmp_path / "olivettifaces.mat", source="local")
    monkeypatch.setattr(fetch, "fetch", lambda name, file: served)
    real = data.load("olivetti", tier="real")
    assert (real.data, real.source, real.fraction) == ("real", "local", 0.05)
    np.testing.assert_array_equal(real.person, np.repeat(np.arange(2), 10), strict=True)
