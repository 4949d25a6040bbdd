"""Photographs with faces whose boxes are known."""

import numpy as np
from skimage import data as pictures

from drawing import prints
from utils import data, faces
from utils.boxes import iou_matrix


def test_the_second_portrait_is_matplotlibs_and_its_face_is_where_detectors_find_it():
    shown = data.load("shipped_photographs")["grace_hopper"]
    item = prints.portrait("hopper")
    np.testing.assert_array_equal(item.image, shown, strict=True)
    detections = faces.detect(shown, longest=None)
    assert iou_matrix(item.boxes, detections.boxes).max() > 0.9
    error = np.linalg.norm(detections.landmarks[0] - item.landmarks[0], axis=-1)
    assert error.max() < 0.02 * (item.boxes[0, 3] - item.boxes[0, 1])


def test_a_face_is_put_where_the_box_says():
    item = prints.collage([prints.Print(200.5, 150, 114)], height=300, width=400)
    x1, y1, x2, y2 = (round(float(v)) for v in item.boxes[0])
    assert (x2 - x1, y2 - y1) == (89, 114)
    left, top = (prints.FACE_CENTRE - prints.FACE_AXES).round().astype(int)
    original = pictures.astronaut()[top : top + 114, left : left + 89].astype(float)
    drawn = item.image[y1:y2, x1:x2].astype(float)
    assert np.abs(drawn - original).mean() < 4  # at scale 1 only the half pixel is interpolated
