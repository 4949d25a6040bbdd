"""Reading Labeled Faces in the Wild: who is taken, what is cut out, in which order it stands."""

import numpy as np
import pytest
from PIL import Image

from data import lfw
from utils.data import DataError


def test_the_cut_is_scikit_learns(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (250, 250, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "one.png")
    # as in sklearn.datasets._lfw: crop, scale by one half, divide, average the colours
    cut = Image.fromarray(pixels).crop((78, 70, 172, 195)).resize((47, 62))
    expected = (np.asarray(cut, np.float32) / 255).mean(axis=2)
    face = lfw.read_face(tmp_path / "one.png")
    np.testing.assert_allclose(face, expected, rtol=1e-5, strict=True)


def test_the_tree_is_read_and_shuffled_as_by_scikit_learn(tmp_path, picture, serve, monkeypatch):
    greys = {"Ann_Lee": [120], "Bo_Ek": [150, 180], "Cleo_Van_Dam": [30, 60, 90]}
    for name, values in greys.items():
        for k, value in enumerate(values, start=1):
            picture(f"lfw_funneled/{name}/{name}_{k:04d}.jpg", (250, 250), (value, value, value))
    (tmp_path / "lfw_funneled" / "pairs.txt").write_text("not a person")
    with pytest.raises(DataError, match="lfw_funneled.* 60"):
        serve()
    monkeypatch.setattr(lfw, "MIN_PHOTOGRAPHS", 2)
    real = serve()
    assert real.names == ("Bo Ek", "Cleo Van Dam") and real.fraction == 5 / 13233
    order = np.arange(5)
    np.random.RandomState(42).shuffle(order)
    np.testing.assert_array_equal(real.person, np.array([0, 0, 1, 1, 1])[order], strict=True)
    # a face and its name stay together
    grey = np.array(greys["Bo_Ek"] + greys["Cleo_Van_Dam"])[order]
    np.testing.assert_allclose(real.faces.mean(axis=(1, 2)) * 255, grey, atol=1)
