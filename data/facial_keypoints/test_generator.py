"""Drawn frames with 68 points: the same ones each time, found by a detector, points where drawn."""

import numpy as np
import pytest

from data.facial_keypoints import generator as drawn
from utils import faces


@pytest.fixture(scope="module")
def few() -> dict[str, np.ndarray]:
    return drawn.frames(3, seed=0)


def test_shapes_types_and_names(few):
    assert few["images"].shape == (24, 128, 128, 3) and few["images"].dtype == np.uint8
    assert few["landmarks"].shape == (24, 68, 2) and few["landmarks"].dtype == np.float32
    assert few["names"][[0, 9]].tolist() == ["Drawn_Person_000_00", "Drawn_Person_001_01"]
    assert {tuple(shape) for shape in few["shapes"]} == set(drawn.SHAPES)


def test_a_frame_depends_on_the_seed_and_its_number_alone(few):
    image, points = drawn.frame(0, 2, 5)
    np.testing.assert_array_equal(image, few["images"][21], strict=True)
    np.testing.assert_array_equal(points, few["landmarks"][21], strict=True)
    assert (drawn.frame(1, 2, 5)[0] != image).any()


def test_dlib_finds_the_faces_and_marks_them_near_the_drawn_points(few):
    off = []
    for image, points in zip(few["images"], few["landmarks"], strict=True):
        found = faces.detect(image, "hog", min_face=40)
        if len(found):
            marked = faces.landmarks(image, found.boxes[:1])[0]
            apart = np.linalg.norm(points[36] - points[45])
            off.append(np.linalg.norm(marked - points, axis=1).mean() / apart)
    assert len(off) >= 22 and np.median(off) < 0.12
