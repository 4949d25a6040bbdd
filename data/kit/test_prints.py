"""Photographs with faces whose boxes are known."""

import numpy as np
import pytest
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


def test_an_unknown_portrait_is_named():
    with pytest.raises(ValueError, match="mona_lisa.*hopper"):
        photos.Print(0, 0, 10, who="mona_lisa")


def test_a_face_is_put_where_the_box_says():
    item = photos.collage([photos.Print(200.5, 150, 114)], height=300, width=400)
    x1, y1, x2, y2 = (round(float(v)) for v in item.boxes[0])
    assert (x2 - x1, y2 - y1) == (89, 114)
    left, top = (photos.FACE_CENTRE - photos.FACE_AXES).round().astype(int)
    original = pictures.astronaut()[top : top + 114, left : left + 89].astype(float)
    drawn = item.image[y1:y2, x1:x2].astype(float)
    assert np.abs(drawn - original).mean() < 4  # at scale 1 only the half pixel is interpolated


def test_a_mirrored_print_is_the_mirrored_photograph():
    plain = photos.collage([photos.Print(160, 144, 100)], "brick", 320, 321)
    turned = photos.collage([photos.Print(160, 144, 100, mirrored=True)], "brick", 320, 321)
    inside = (slice(80, 260), slice(80, 241))
    difference = plain.image[:, ::-1][inside].astype(float) - turned.image[inside]
    assert np.abs(difference).mean() < 4
    np.testing.assert_allclose(plain.boxes, turned.boxes)
    mirrored = plain.landmarks[:, [1, 0, 2, 4, 3]] * (-1, 1) + (320, 0)
    np.testing.assert_allclose(mirrored, turned.landmarks, rtol=1e-5)


def test_a_turned_face_has_the_box_of_its_turned_outline():
    quarter = photos.one_face(70, angle=90).boxes[0]
    upright = photos.one_face(70).boxes[0]
    np.testing.assert_allclose(quarter[2] - quarter[0], upright[3] - upright[1], rtol=1e-5)
    np.testing.assert_allclose(quarter[3] - quarter[1], upright[2] - upright[0], rtol=1e-5)
    eyes = photos.one_face(70, angle=90).landmarks[0]
    assert eyes[1, 1] < eyes[0, 1]  # counter-clockwise: the right eye is above the left one


def test_brightness_acts_on_the_print_alone():
    light, dark = photos.one_face(brightness=1.0), photos.one_face(brightness=0.3)
    np.testing.assert_array_equal(light.image[:30], dark.image[:30])
    inside = (slice(95, 145), slice(100, 140))
    ratio = dark.image[inside].mean() / light.image[inside].mean()
    assert 0.28 < ratio < 0.32


def test_prints_may_reach_over_the_edge_or_lie_outside():
    item = photos.collage([photos.Print(0, 0, 80), photos.Print(-900, -900, 80)], "grass", 100, 120)
    assert item.image.shape == (100, 120, 3) and item.boxes.shape == (2, 4)
    empty = photos.collage([], "grass", 100, 120)
    assert empty.boxes.shape == (0, 4) and empty.landmarks.shape == (0, 5, 2)
    assert np.any(item.image != empty.image)


def test_an_unknown_table_is_named():
    with pytest.raises(ValueError, match="marble.*brick"):
        photos.collage([], "marble")
