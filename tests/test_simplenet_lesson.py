"""What notebook 09/01 builds by hand: its data set, its files, its curves."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import roc_auc_score

from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of

PATH = ROOT / "notebooks" / "09_deepfakes" / "01_simplenet.ipynb"
CELLS = (
    *("imports", "faces-dataset", "from-folder", "augment", "batches-2"),
    *("evaluate", "read-history", "restore"),
)


@pytest.fixture(scope="module")
def lesson():
    """The notebook's imports and definitions, from its own source."""
    notebook = Notebook(PATH)
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook.raw["cells"]}
    namespace = {"__name__": "lesson", "BATCH": 32}
    namespace |= {"CLASSES": ("real", "fake"), "SPLITS": ("train", "validation", "test")}
    for source in (*(sources[name] for name in CELLS), *(t.solution for t in tasks_of(notebook))):
        exec(source, namespace)
    return namespace


@pytest.fixture
def folder(tmp_path):
    """Two real pictures and one fake, 8x8."""
    for name in ("real/b.png", "real/a.JPG", "fake/c.jpeg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), (10, 20, 30)).save(path)
    (tmp_path / "real" / "notes.txt").write_text("no picture")
    (tmp_path / "real" / ".hidden.png").write_bytes(b"no picture")
    return tmp_path


def test_a_folder_becomes_a_data_set(lesson, folder):
    dataset = lesson["from_folder"](folder, side=8)
    assert [path.name for path in dataset.images] == ["a.JPG", "b.png", "c.jpeg"]
    assert [label for _, label in dataset] == [0, 0, 1]
    image, label = dataset[1]
    assert (len(dataset), image.shape, image.dtype, label) == (3, (8, 8, 3), np.uint8, 0)
    with pytest.raises(IndexError):
        dataset[3]


def test_an_epoch_of_batches_holds_every_picture_once(lesson):
    pictures = np.zeros((7, 8, 8, 3), np.uint8) + np.arange(7, dtype=np.uint8)[:, None, None, None]
    dataset = lesson["FacesDataset"](pictures, [0, 1, 0, 0, 1, 0, 1], 8)
    for rng in (None, np.random.default_rng(0)):
        batches = lesson["Batches"](dataset, size=3, rng=rng)
        parts = list(batches)
        assert [part[0].shape for part in parts] == [(3, 8, 8, 3)] * 2 + [(1, 8, 8, 3)]
        assert len(batches) == 3 and parts[0][0].dtype == np.float32
        images, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
        grey = np.rint((images * lesson["SPREAD"] + lesson["MEAN"]) * 255)[:, 0, 0, 0].astype(int)
        assert sorted(grey) == list(range(7))  # 4 pixels of 256 are none of 8: no border is seen
        np.testing.assert_array_equal(labels, dataset.labels[grey])


def test_files_of_a_training(lesson, tmp_path):
    read = lesson["read_history"]
    split = {"loss": [0.7, 0.6], "accuracy": [0.5, 0.6]}
    history = {"train": split, "validation": split, "test": split}
    path = tmp_path / "swaps.json"
    path.write_text(json.dumps(history))
    assert read(path) == history
    with pytest.raises(FileNotFoundError, match=r"other\.json is missing: train first.*swaps"):
        read(tmp_path / "other.json")
    path.write_text(json.dumps(history | {"test": {"loss": [0.7]}}))
    with pytest.raises(ValueError, match=r"swaps\.json has no accuracy of the test split"):
        read(path)
    for text in ("{", "", "[1, 2]"):
        path.write_text(text)
        with pytest.raises(ValueError, match=r"swaps\.json is no"):
            read(path)


def test_a_checkpoint_of_another_network_is_refused(lesson, tmp_path):
    keras, layers, restore = lesson["keras"], lesson["layers"], lesson["restore"]
    networks = [
        keras.Sequential([keras.Input((3,)), *(layers.Dense(n) for n in units)])
        for units in ((4, 2), (4, 2), (5, 2), (4, 2, 2))
    ]
    path = tmp_path / "weights.npz"
    np.savez(path, *networks[0].get_weights())
    restore(networks[1], path)
    for a, b in zip(networks[0].get_weights(), networks[1].get_weights(), strict=True):
        np.testing.assert_array_equal(a, b, strict=True)
    with pytest.raises(ValueError, match=r"another network.*array 0 is \(3, 4\).*be \(3, 5\)"):
        restore(networks[2], path)
    with pytest.raises(ValueError, match="4 arrays for 6"):
        restore(networks[3], path)
    with pytest.raises(FileNotFoundError, match=r"none\.npz is missing"):
        restore(networks[0], tmp_path / "none.npz")


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
    with pytest.raises(ValueError, match="0 fakes and 200 real ones"):
        lesson["det_points"](scores, np.zeros(200, int))
