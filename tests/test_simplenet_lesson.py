"""What notebook 09/01 builds: its pictures, its network, its curves."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of

PATH = ROOT / "notebooks" / "09_deepfakes" / "01_simplenet.ipynb"
CELLS = ("prepare", "network-2", "softness", "blur")


def definitions(source: str) -> str:
    """Return a cell's imports, functions and constants: all before it works with data."""
    lines = source.split("\n")
    ends = (
        i for i, line in enumerate(lines) if line.startswith(("x, y =", "soft =", "inner_face"))
    )
    return "\n".join(lines[: next(ends, len(lines))])


@pytest.fixture(scope="module")
def lesson():
    """The notebook's imports and definitions, from its own source, for pictures of 64 pixels."""
    notebook = Notebook(PATH)
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook.raw["cells"]}
    namespace = {"__name__": "lesson", "settings": SimpleNamespace(side=64)}
    solutions = [task.solution for task in tasks_of(notebook)]
    for source in (sources["imports"], *(definitions(sources[c]) for c in CELLS), *solutions):
        exec(source, namespace)
    return namespace


def test_pictures_are_shrunk_by_means_and_normalised(lesson):
    image = np.random.default_rng(0).integers(0, 256, (1, 256, 256, 3), np.uint8)
    small = lesson["prepared"](image)
    blocks = image.reshape(1, 64, 4, 64, 4, 3).mean(axis=(2, 4)) / 255
    assert small.dtype == np.float32
    np.testing.assert_allclose(small, (blocks - lesson["MEAN"]) / lesson["SPREAD"], atol=1e-4)


def test_simplenet_has_the_source_s_layers_and_changes_pictures_in_training_alone(lesson):
    network = lesson["simplenet"](256)
    counts = [layer.count_params() for layer in network.layers if layer.count_params()]
    assert counts == [888, 4_720, 18_840, 16_614_400, 262_400, 514]
    assert network.count_params() == 16_901_762
    shift, mirror = network.layers[:2]
    pictures = np.random.default_rng(1).normal(size=(8, 256, 256, 3)).astype(np.float32)
    kept = mirror(shift(pictures, training=False), training=False)
    np.testing.assert_array_equal(np.asarray(kept), pictures)
    moved = np.asarray(shift(np.ones_like(pictures), training=True))
    assert set(np.unique(moved)) == {0, 1}  # whole pixels: nothing becomes softer
    assert 0 < np.mean(moved == 0) < 0.04


def test_a_blurred_face_is_softer_and_a_blurred_rest_less(lesson):
    picture = np.random.default_rng(2).normal(size=(1, 256, 256, 1)).astype(np.float32)
    face = lesson["face_box"].astype(np.float32)[:, :, None]
    in_face, in_rest = (lesson["with_blur"](picture, share) for share in (face, 1 - face))
    inside = lesson["face_box"]
    np.testing.assert_array_equal(in_face[0][~inside], picture[0][~inside])
    np.testing.assert_array_equal(in_rest[0][inside], picture[0][inside])
    small = [
        one[0].reshape(64, 4, 64, 4, 1).mean(axis=(1, 3)) for one in (picture, in_face, in_rest)
    ]
    as_is, soft_face, soft_rest = (lesson["softness"](one) for one in small)
    assert soft_face > as_is > soft_rest


def test_det_points_belong_to_the_area(lesson):
    rng = np.random.default_rng(5)
    labels = (np.arange(200) % 3 == 0).astype(int)
    scores = (rng.normal(size=200) + labels).round(1)  # with ties
    fpr, fnr = lesson["det_points"](scores, labels)
    area = np.trapezoid(1 - fnr[::-1], fpr[::-1])
    assert area == pytest.approx(roc_auc_score(labels, scores))
    mirrored = lesson["det_points"](-scores, labels)
    np.testing.assert_allclose(1 - mirrored[0][::-1], fpr, atol=1e-12)
    np.testing.assert_allclose(1 - mirrored[1][::-1], fnr, atol=1e-12)
