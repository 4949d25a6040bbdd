"""Detection of faces over mtcnn and dlib."""

import subprocess
import sys

import numpy as np
import pytest

from utils import faces
from utils.boxes import match_boxes
from utils.samples import photos


@pytest.fixture(scope="module")
def sizes():
    return photos.photographs()["sizes"]


@pytest.fixture(scope="module")
def found(sizes):
    return faces.detect(sizes.image)


def test_mtcnn_finds_every_size(sizes, found):
    pairs = match_boxes(found.boxes, sizes.boxes)
    assert (pairs >= 0).sum() >= 7 and len(found) <= 9
    assert found.boxes.dtype == found.scores.dtype == found.landmarks.dtype == np.float32
    assert found.landmarks.shape == (len(found), 5, 2)
    assert (np.diff(found.scores) <= 0).all()


def test_landmarks_are_the_five_points_in_order(sizes, found):
    pairs = match_boxes(found.boxes, sizes.boxes)
    heights = sizes.boxes[:, 3] - sizes.boxes[:, 1]
    seen = (pairs >= 0) & (heights > 35)
    error = np.linalg.norm(found.landmarks[pairs[seen]] - sizes.landmarks[seen], axis=-1)
    assert seen.sum() == 5 and (error / heights[seen, None]).max() < 0.1


def test_dlib_answers_in_the_same_way(sizes):
    hog = faces.detect(sizes.image, "hog", min_face=40)
    pairs = match_boxes(hog.boxes, sizes.boxes, minimum=0.4)
    assert (pairs[:3] >= 0).all()
    error = np.linalg.norm(hog.landmarks[pairs[:3]] - sizes.landmarks[:3], axis=-1)
    assert (error / (sizes.boxes[:3, 3] - sizes.boxes[:3, 1])[:, None]).max() < 0.12


@pytest.mark.parametrize("min_face", [12, 30, 60])
def test_the_pyramid_fits_every_smallest_face(sizes, min_face):
    """The package alone answers "no face" here from 30 px on, and leaves out large faces at 12."""
    found = faces.detect(sizes.image, min_face=min_face)
    pairs = match_boxes(found.boxes, sizes.boxes)
    large = sizes.boxes[:, 2] - sizes.boxes[:, 0] >= 1.2 * min_face
    assert (pairs[large] >= 0).all()


def test_at_its_defaults_the_package_answers_the_same(sizes, found):
    from mtcnn import MTCNN

    plain = MTCNN().detect_faces(sizes.image, box_format="xyxy", output_type="numpy")
    np.testing.assert_allclose(found.boxes, plain[:, 1:5], rtol=1e-5, atol=1e-3)


def test_a_picture_without_a_face_gives_an_empty_answer():
    for image in (np.zeros((64, 64, 3), np.uint8), np.full((9, 9), 200, np.uint8)):
        for detector in ("mtcnn", "hog"):
            nothing = faces.detect(image, detector)
            assert len(nothing) == 0
            assert nothing.boxes.shape == (0, 4) and nothing.landmarks.shape == (0, 5, 2)


def test_pictures_of_other_kinds_are_converted():
    rgb = photos.one_face(60).image
    alpha = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
    np.testing.assert_array_equal(faces.as_rgb(alpha), rgb, strict=True)
    np.testing.assert_array_equal(faces.as_rgb(rgb.astype(np.uint16) * 257), rgb, strict=True)
    grey = rgb[..., 1]
    assert faces.as_rgb(grey).shape == faces.as_rgb(grey[..., None]).shape == rgb.shape
    assert len(faces.detect(grey)) == 1


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((8, 8, 3)), "float64 has no known white"),
        (np.zeros((8, 8, 2), np.uint8), r"not \(8, 8, 2\)"),
        (np.zeros((0, 8, 3), np.uint8), r"not \(0, 8, 3\)"),
        (np.zeros(8, np.uint8), r"not \(8,\)"),
    ],
)
def test_what_is_no_picture_is_refused(image, message):
    with pytest.raises(ValueError, match=message):
        faces.as_rgb(image)


def test_a_large_picture_is_made_smaller_and_answered_in_its_own_pixels():
    item = photos.one_face(80)
    large = np.kron(item.image, np.ones((4, 4, 1), np.uint8))
    found = faces.detect(large, longest=240, min_face=80)
    assert (match_boxes(found.boxes, 4 * item.boxes) == [0]).all() and len(found) == 1
    same, scale = faces.shrink(item.image, 240)
    assert same is item.image and scale == 1.0


def test_levels_of_the_pyramid():
    assert faces.pyramid_levels(512, 512, 20, 0.709) == 10
    assert faces.pyramid_levels(96, 200, 12, 0.5) == 4  # 96, 48, 24 and exactly 12 px
    assert faces.pyramid_levels(19, 500, 20, 0.709) == 0
    for wrong in ((0, 0.7), (20, 1.0), (20, 0.0)):
        with pytest.raises(ValueError, match="must be above 0"):
            faces.pyramid_levels(100, 100, *wrong)


def test_unknown_detectors_and_options_are_named():
    picture = np.zeros((40, 40, 3), np.uint8)
    with pytest.raises(ValueError, match="haar.*mtcnn, hog, cnn"):
        faces.detect(picture, "haar")
    with pytest.raises(TypeError, match="scale_factor"):
        faces.detect(picture, "hog", scale_factor=0.5)
    with pytest.raises(FileNotFoundError, match="mmod_human_face_detector"):
        faces.model_file("none.dat")


def test_importing_it_loads_no_framework():
    code = "import sys, utils.faces; print({'tensorflow', 'dlib', 'mtcnn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
