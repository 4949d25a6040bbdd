"""Motorcycles, airplanes and faces: shapes, boxes, and people who are in one part."""

import numpy as np
import pytest

from utils import data


@pytest.fixture(scope="module")
def objects():
    return data.load("caltech_objects")


def test_shapes_and_types(objects):
    for image in objects.images:
        height, width, channels = image.shape
        assert (max(height, width), channels, image.dtype) == (112, 3, np.uint8)
    assert (objects.boxes.shape, objects.boxes.dtype) == ((1200, 4), np.float32)
    assert objects.labels.shape == objects.person.shape == objects.part.shape == (1200,)
    assert objects.labels.dtype == objects.person.dtype == np.int64


def test_each_class_has_as_many_pictures_in_each_part(objects):
    for label in range(len(objects.class_names)):
        mine = objects.part[objects.labels == label]
        assert [(mine == part).sum() for part in ("train", "validation", "test")] == [240, 80, 80]


def test_boxes_lie_inside_their_pictures_and_have_the_shapes_of_their_classes(objects):
    corners = objects.boxes
    assert (corners >= 0).all() and (corners <= 1).all()
    sides = corners[:, 2:] - corners[:, :2]  # width and height, as shares
    assert sides.min() > 0.15
    shapes = np.array([image.shape[1::-1] for image in objects.images]) * sides
    ratio = [np.median((shapes[:, 0] / shapes[:, 1])[objects.labels == k]) for k in range(3)]
    assert ratio[1] > 2 and 1.3 < ratio[0] < 2 and ratio[2] < 1  # airplane, motorcycle, face


def test_faces_are_redder_than_what_surrounds_them(objects):
    """A box that belongs to another picture would not tell inside from outside so often."""
    found = 0
    faces = np.flatnonzero(objects.labels == 2)
    for k in faces:
        height, width = objects.images[k].shape[:2]
        x1, y1, x2, y2 = (objects.boxes[k] * [width, height, width, height]).astype(int)
        red = objects.images[k][..., 0] - objects.images[k].mean(axis=2)  # skin is reddish
        inside = red[y1:y2, x1:x2]
        outside = (red.sum() - inside.sum()) / (red.size - inside.size)
        found += inside.mean() > outside
    assert found > 0.9 * len(faces)


def test_a_person_is_in_one_part_and_faces_alone_are_of_people(objects):
    assert np.array_equal(objects.person > 0, objects.labels == 2)
    for person in set(objects.person) - {0}:
        assert len(set(objects.part[objects.person == person])) == 1
