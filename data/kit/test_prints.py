"""Photographs with faces whose boxes are known."""

import numpy as np
from skimage import data as pictures

from data.kit import prints as photos
from utils import data, faces
from utils.boxes import iou_matrix, match_boxes

PEOPLE = ("astronaut", "hopper")


def test_the_portrait_is_a_photograph_with_one_face():
    item = photos.portrait()
    np.testing.assert_array_equal(item.image, pictures.astronaut(), strict=True)
    np.testing.assert_allclose(item.boxes, [[180, 64, 269, 178]])
    np.testing.assert_allclose(item.landmarks[0], photos.FACE_POINTS)


def test_the_second_portrait_is_matplotlibs_and_its_face_is_where_detectors_find_it():
    shown = data.load("shipped_photographs")["grace_hopper"]
    item = photos.portrait("hopper")
    np.testing.assert_array_equal(item.image, shown, strict=True)
    found = faces.detect(shown, longest=None)
    assert iou_matrix(item.boxes, found.boxes).max() > 0.9
    error = np.linalg.norm(found.landmarks[0] - item.landmarks[0], axis=-1)
    assert error.max() < 0.02 * (item.boxes[0, 3] - item.boxes[0, 1])


def test_prints_of_both_portraits_are_found_in_one_photograph():
    prints = [photos.Print(120 + 200 * i, 130, 70, who=who) for i, who in enumerate(PEOPLE * 2)]
    item = photos.collage(prints, "brick", 260, 840)
    found = faces.detect(item.image, longest=None)
    pairs = match_boxes(found.boxes, item.boxes)
    assert (pairs >= 0).all() and len(found) == 4
    error = np.linalg.norm(found.landmarks[pairs] - item.landmarks, axis=-1)
    assert error.max() < 0.1 * 70


def test_a_face_is_put_where_the_box_says():
    item = photos.collage([photos.Print(200.5, 150, 114)], height=300, width=400)
    x1, y1, x2, y2 = (round(float(v)) for v in item.boxes[0])
    assert (x2 - x1, y2 - y1) == (89, 114)
    left, top = (photos.FACE_CENTRE - photos.FACE_AXES).round().astype(int)
    original = pictures.astronaut()[top : top + 114, left : left + 89].astype(float)
    drawn = item.image[y1:y2, x1:x2].astype(float)
    assert np.abs(drawn - original).mean() < 4  # at scale 1 only the half pixel is interpolated


def test_a_turned_face_has_the_box_of_its_turned_outline():
    quarter = photos.one_face(70, angle=90).boxes[0]
    upright = photos.one_face(70).boxes[0]
    np.testing.assert_allclose(quarter[2] - quarter[0], upright[3] - upright[1], rtol=1e-5)
    np.testing.assert_allclose(quarter[3] - quarter[1], upright[2] - upright[0], rtol=1e-5)
    eyes = photos.one_face(70, angle=90).landmarks[0]
    assert eyes[1, 1] < eyes[0, 1]  # counter-clockwise: the right eye is above the left one
