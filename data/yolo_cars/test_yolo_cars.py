"""Reading the road photographs, and the drawings that stand for them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data import yolo_cars
from utils import data
from utils.data import DataError

NUMBERS = (
    "0.57273, 0.677385, 1.87446, 2.06253, 3.33843, 5.47434, 7.88282, 3.52778, 9.77052, 9.16828"
)


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("images", "model_data"):
        (tmp_path / name).mkdir()
    for k in (2, 1):
        Image.new("RGB", (32, 18), (40 * k, 0, 0)).save(tmp_path / "images" / f"000{k}.jpg")
    (tmp_path / "images" / "._0001.jpg").write_bytes(b"of an Apple computer")
    names = "\n".join(yolo_cars.CLASSES) + "\n"
    (tmp_path / "model_data" / "coco_classes.txt").write_text(names)
    (tmp_path / "model_data" / "yolo_anchors.txt").write_text(NUMBERS)
    return tmp_path


def test_photographs_come_without_truth(folder, monkeypatch):
    from data.core import fetch

    served = fetch.Fetched(path=folder, source="local")
    monkeypatch.setattr(fetch, "fetch_tree", lambda name: served)
    real = data.load("yolo_cars", tier="real")
    assert real.boxes is None and real.labels is None
    assert real.names == ("0001", "0002") and real.fraction == 2 / 24
    assert real.images[0].shape == (18, 32, 3) and real.images[0].dtype == np.uint8
    assert len(real.class_names) == 80 and real.class_names[2] == "car"
    np.testing.assert_array_equal(real.anchors, yolo_cars.ANCHORS, strict=True)
    assert "boxes" not in real.describe()


@pytest.mark.parametrize(
    ("spoil", "match"),
    [
        (lambda f: [p.unlink() for p in (f / "images").iterdir()], "found none"),
        (lambda f: (f / "model_data" / "coco_classes.txt").write_text("car\n"), "found 1"),
        (lambda f: (f / "model_data" / "yolo_anchors.txt").write_text("1, 2"), "five widths"),
        (lambda f: (f / "model_data" / "yolo_anchors.txt").write_text("1, x"), "pairs of numbers"),
        (lambda f: (f / "model_data" / "yolo_anchors.txt").write_text("1, 2, 3"), "pairs"),
        (lambda f: (f / "model_data" / "yolo_anchors.txt").unlink(), "belongs to these"),
        (lambda f: (f / "images" / "0001.jpg").write_bytes(b"no picture"), "0001.jpg"),
    ],
)
def test_a_folder_of_another_kind_is_refused(folder, spoil, match):
    spoil(folder)
    with pytest.raises((DataError, ValueError), match=match):
        yolo_cars.read_folder(folder)


def test_drawings_have_boxes_inside_the_picture():
    sample = data.load("yolo_cars", tier="sample")
    assert len(sample.images) == len(sample.boxes) == len(sample.labels) == 12
    assert sample.images[0].shape == (360, 640, 3) and sample.anchors.shape == (5, 2)
    kinds = set()
    for boxes, labels in zip(sample.boxes, sample.labels, strict=True):
        assert boxes.dtype == np.float32 and labels.dtype == np.int64
        assert boxes.shape == (len(labels), 4) and len(labels) >= 1
        assert (boxes[:, :2] >= 0).all() and (boxes[:, 2:] <= (640, 360)).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()
        kinds |= {sample.class_names[k] for k in labels}
    assert kinds == {"person", "car", "motorcycle"}


def test_the_real_files(real):
    assert len(real.images) == 24 and real.fraction == 1.0
    assert {image.shape for image in real.images} == {(720, 1280, 3)}
    np.testing.assert_array_equal(real.anchors, yolo_cars.ANCHORS, strict=True)
