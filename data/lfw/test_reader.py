"""Reading Labeled Faces in the Wild: who is taken, what is cut out, in which order it stands."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data import lfw
from utils.data import DataError


@pytest.fixture
def folder(tmp_path) -> Path:
    """Three people with 3, 1 and 2 photographs; each photograph has a grey value of its own."""
    root = tmp_path / "lfw_funneled"
    value = 0
    for name, many in {"Cleo_Van_Dam": 3, "Ann_Lee": 1, "Bo_Ek": 2}.items():
        (root / name).mkdir(parents=True)
        for k in range(many):
            value += 30
            picture = Image.new("RGB", (250, 250), (value, value, value))
            picture.save(root / name / f"{name}_{k + 1:04d}.jpg", quality=95)
    (root / "pairs.txt").write_text("not a person")
    return root


def test_nobody_with_enough_photographs_is_an_error_with_the_folder(folder, serve):
    with pytest.raises(DataError, match="lfw_funneled: expected folders .* at least 60"):
        serve(folder.parent)


def test_the_cut_is_scikit_learns(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (250, 250, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "one.png")
    # as in sklearn.datasets._lfw: crop, scale by one half, divide, average the colours
    cut = Image.fromarray(pixels).crop((78, 70, 172, 195)).resize((47, 62))
    expected = (np.asarray(cut, np.float32) / 255).mean(axis=2)
    face = lfw.read_face(tmp_path / "one.png")
    np.testing.assert_allclose(face, expected, rtol=1e-5, strict=True)


def test_the_real_tier_reads_the_tree_and_shuffles_as_scikit_learn(folder, serve, monkeypatch):
    monkeypatch.setattr(lfw, "MIN_PHOTOGRAPHS", 2)
    real = serve(folder.parent)
    assert real.names == ("Bo Ek", "Cleo Van Dam") and real.fraction == 5 / 13233
    order = np.arange(5)
    np.random.RandomState(42).shuffle(order)
    np.testing.assert_array_equal(real.person, np.array([0, 0, 1, 1, 1])[order], strict=True)
    # a face and its name stay together
    grey = np.array([150, 180, 30, 60, 90])[order]
    np.testing.assert_allclose(real.faces.mean(axis=(1, 2)) * 255, grey, atol=1)
