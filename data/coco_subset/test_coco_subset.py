"""Reading COCO's photographs with boxes and outlines, and the drawings that stand for them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data import coco_subset
from utils import data
from utils.data import DataError

BOXES = "2 0.25 0.5 0.5 1.0\n0 0.75 0.25 0.5 0.5\n2 0.875 0.75 0.25 0.5\n"
OUTLINES = """3 0.75 0.5 1 0.5 1 1 0.75 1
1 0.5 0 1 0 1 0.5 0.5 0.5
3 0 0 0.5 0 0.5 1 0 1
1 0.1 0.1 0.2 0.1 0.2 0.2
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    """One photograph of 40 x 20 with three objects; the outlines stand in another order."""
    kinds = ("images", "object_detection/labels", "instance_segmentation/labels")
    places = [tmp_path / kind / "val2017" for kind in kinds]
    for place in places:
        place.mkdir(parents=True)
    Image.new("RGB", (40, 20), (90, 0, 0)).save(places[0] / "000000000007.jpg")
    (places[1] / "000000000007.txt").write_text(BOXES)
    (places[2] / "000000000007.txt").write_text(OUTLINES)
    return tmp_path


def test_each_box_takes_its_outline(folder, monkeypatch):
    from data.core import fetch

    served = fetch.Fetched(path=folder, source="local")
    monkeypatch.setattr(fetch, "fetch_tree", lambda name: served)
    real = data.load("coco_subset", tier="real")
    assert real.names == ("000000000007",) and real.fraction == 1 / 5000
    assert real.labels[0].tolist() == [2, 0, 2] and real.labels[0].dtype == np.int64
    wanted = np.float32([[0, 0, 20, 20], [20, 0, 40, 10], [30, 10, 40, 20]])
    np.testing.assert_allclose(real.boxes[0], wanted, atol=1e-5, strict=True)
    assert real.masks[0].shape == (3, 20, 40) and real.masks[0].dtype == bool
    for mask, (x1, y1, x2, y2) in zip(real.masks[0], wanted.astype(int), strict=True):
        assert mask[y1 + 1 : y2 - 1, x1 + 1 : x2 - 1].all()  # the rim may be rounded either way
        assert mask.sum() <= (x2 - x1 + 2) * (y2 - y1 + 2)


def test_a_picture_without_objects_stays(folder):
    for kind in ("object_detection", "instance_segmentation"):
        (folder / kind / "labels" / "val2017" / "000000000007.txt").write_text("")
    empty = coco_subset.read_folder(folder)
    assert empty.boxes[0].shape == (0, 4) and empty.labels[0].shape == (0,)
    assert empty.masks[0].shape == (0, 20, 40)


@pytest.mark.parametrize(
    ("kind", "text", "match"),
    [
        ("object_detection", BOXES.replace("0 0.75", "0 0.25"), "has no outline"),
        ("object_detection", "80 0.5 0.5 1 1\n", "neither a box"),
        ("object_detection", "2 0.5 0.5 0 1\n", "neither a box"),
        ("object_detection", "2 0.5 0.5 1\n", "neither a box"),
        ("instance_segmentation", "12 0 0 1 0 1 1\n", "neither a box"),
        ("instance_segmentation", "1 0 0 1 0 1\n", "neither a box"),
        ("instance_segmentation", "car\n", "lines of numbers"),
        ("instance_segmentation", None, "lines of numbers"),
    ],
)
def test_text_that_is_no_box_or_outline_is_refused(folder, kind, text, match):
    path = folder / kind / "labels" / "val2017" / "000000000007.txt"
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(DataError, match=match) as caught:
        coco_subset.read_folder(folder)
    assert "000000000007" in str(caught.value)


def test_no_photograph_is_refused(tmp_path):
    with pytest.raises(DataError, match="found none"):
        coco_subset.read_folder(tmp_path)


def test_two_parts_of_an_outline_are_both_filled():
    parts = np.array([[1, 1], [5, 1], [5, 5], [1, 5], [1, 1]], float)
    two = coco_subset.filled(np.concatenate([parts, parts + [10, 0]]), (8, 20))
    assert two[2, 3] and two[2, 13] and not two[6:].any() and not two[2, 9]


def test_drawings_have_a_mask_in_every_box():
    sample = data.load("coco_subset", tier="sample")
    assert len(sample.images) == 20 and sample.images[0].shape == (240, 320, 3)
    for boxes, labels, masks in zip(sample.boxes, sample.labels, sample.masks, strict=True):
        assert len(boxes) == len(labels) == len(masks) >= 1
        assert set(labels.tolist()) <= set(coco_subset.OF_ROADS)
        for (x1, y1, x2, y2), mask in zip(boxes, masks, strict=True):
            rows, columns = np.nonzero(mask)
            around = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            np.testing.assert_allclose([x1, y1, x2, y2], around, atol=1.01)


def test_the_real_files(real):
    assert len(real.images) == 20 and sum(map(len, real.boxes)) == 126
    assert sum((labels == 0).sum() for labels in real.labels) == 83
    assert all(mask.any() for masks in real.masks for mask in masks)
