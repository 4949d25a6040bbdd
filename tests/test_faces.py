"""Detection of faces over mtcnn and dlib."""

import re

import numpy as np
import pytest
from PIL import Image

from data.core import pictures
from drawing.prints import Print, collage, photographs
from utils import faces
from utils.boxes import match_boxes
from utils.data import UnknownDataset


def one_face(height):
    """Return a photograph of 240x240 with one face of this height."""
    return collage([Print(120, 120, height)], height=240, width=240)


@pytest.fixture(scope="module")
def sizes():
    return photographs()["sizes"]


def test_mtcnn_finds_every_size_and_what_the_package_finds(sizes):
    from mtcnn import MTCNN

    found = faces.detect(sizes.image)
    pairs = match_boxes(found.boxes, sizes.boxes)
    assert (pairs >= 0).sum() >= 7 and len(found) <= 9
    assert found.boxes.dtype == found.scores.dtype == found.landmarks.dtype == np.float32
    assert found.landmarks.shape == (len(found), 5, 2)
    assert (np.diff(found.scores) <= 0).all()
    plain = MTCNN().detect_faces(sizes.image, box_format="xyxy", output_type="numpy")
    np.testing.assert_allclose(found.boxes, plain[:, 1:5], rtol=1e-5, atol=1e-3)


def test_dlib_answers_in_the_same_way(sizes):
    hog = faces.detect(sizes.image, "hog", min_face=40)
    pairs = match_boxes(hog.boxes, sizes.boxes, minimum=0.4)
    assert (pairs[:3] >= 0).all()
    error = np.linalg.norm(hog.landmarks[pairs[:3]] - sizes.landmarks[:3], axis=-1)
    assert (error / (sizes.boxes[:3, 3] - sizes.boxes[:3, 1])[:, None]).max() < 0.12


@pytest.fixture
def doublings(monkeypatch):
    """Return the list of how often a picture was doubled for dlib, which finds nothing here."""
    numbers = []
    monkeypatch.setattr(faces, "_dlib", lambda name: lambda image, k: numbers.append(k) or [])
    return numbers


def test_a_picture_too_large_for_the_network_is_refused(doublings):
    picture = np.zeros((624, 1024, 3), np.uint8)
    refusal = r"min_face=20 .*10\.2.* 4 .*min_face"
    with pytest.raises(ValueError, match=refusal):
        faces.detect(picture, "cnn")
    assert doublings == []
    faces.detect(picture, "cnn", min_face=40)
    assert doublings == [0, 1]


@pytest.mark.parametrize("longest", [None, 400])
def test_a_shrunk_photograph_is_doubled_at_most_twice(doublings, longest):
    photograph = np.zeros((3000, 4000, 3), np.uint8)
    assert len(faces.detect(photograph, "hog", longest=longest)) == 0
    assert max(doublings) == 2


@pytest.mark.parametrize("detector", faces.DETECTORS)
@pytest.mark.parametrize("size", [(2, 2), (1, 40), (9, 9), (3, 60)])
def test_a_picture_too_small_for_a_face_has_none(detector, size):
    found = faces.detect(np.zeros((*size, 3), np.uint8), detector, min_face=40)
    assert len(found) == 0 and found.landmarks.shape == (0, 5, 2)


@pytest.mark.parametrize("detector", faces.DETECTORS)
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(("min_face", value) for value in (0, -3, np.nan, np.inf, "20")),
        *(("longest", value) for value in (0, -1, 2.5)),
    ],
)
def test_what_is_no_size_is_named(detector, argument, value):
    with pytest.raises(ValueError, match=f"{argument}={value!r}"):
        faces.detect(np.zeros((40, 40, 3), np.uint8), detector, **{argument: value})


@pytest.mark.parametrize("size", [(0, 4, 3), (4, 0, 3), (4,)])
def test_what_is_no_picture_is_refused(size):
    with pytest.raises(ValueError, match=re.escape(str(size))):
        faces.detect(np.zeros(size, np.uint8), "cnn")


def test_a_picture_of_pillow_is_turned_upright():
    item = one_face(120)
    lying = Image.fromarray(np.rot90(item.image))  # as a camera that was held upright stores it
    lying.getexif()[0x0112] = 6
    found = faces.detect(lying, min_face=60)
    assert (match_boxes(found.boxes, item.boxes) == [0]).all()
    np.testing.assert_array_equal(
        faces.crop(lying, item.boxes), faces.crop(item.image, item.boxes), strict=True
    )


def test_a_large_picture_is_made_smaller_and_answered_in_its_own_pixels():
    item = one_face(80)
    large = np.kron(item.image, np.ones((4, 4, 1), np.uint8))
    found = faces.detect(large, longest=240, min_face=80)
    assert (match_boxes(found.boxes, 4 * item.boxes) == [0]).all() and len(found) == 1


def test_landmarks_lie_where_the_print_has_them():
    item = one_face(120)
    points = faces.landmarks(item.image, item.boxes)
    assert points.shape == (1, 68, 2) and points.dtype == np.float32
    five = faces._five_of_68(points[0])
    assert np.linalg.norm(five - item.landmarks[0], axis=1).max() < 12
    assert faces.landmarks(item.image, np.empty((0, 4))).shape == (0, 68, 2)


@pytest.mark.parametrize("network", faces.SIDES)
def test_crops_have_the_side_of_their_network(network):
    item = one_face(120)
    crops = faces.crop(item.image, np.repeat(item.boxes, 2, axis=0), network)
    side = faces.SIDES[network]
    assert crops.shape == (2, side, side, 3) and crops.dtype == np.uint8
    assert faces.crop(item.image, np.empty((0, 4)), network).shape == (0, side, side, 3)
    edge = np.array([[-40.0, -30, 30, 60]])  # half outside the picture
    assert faces.crop(item.image, edge, network).shape == (1, side, side, 3)
    if network == "mobilefacenet":  # it aligns to the template
        again = faces._five_of_68(faces.landmarks(crops[0], np.array([[20.0, 30, 92, 108]]))[0])
        assert np.linalg.norm(again - pictures.FIVE_IN_112, axis=1).max() < 8


def test_embeddings_are_those_of_dlib_and_near_for_one_person(monkeypatch):
    items = [one_face(height) for height in (120, 90, 90)]
    crops = [faces.crop(item.image, item.boxes)[0] for item in items]
    finished = []
    monkeypatch.setattr(faces, "_BATCH", 2)
    vectors = faces.embed(np.array(crops), progress=finished.append)
    assert vectors.shape == (3, 128) and vectors.dtype == np.float32 and finished == [2, 1]
    assert (np.linalg.norm(vectors[0] - vectors[1:], axis=1) < 0.4).all()
    assert faces.embed(np.empty((0, 150, 150, 3), np.uint8)).shape == (0, 128)
    dlib = faces._dlib_model("face_recognition_model_v1", "dlib_face_recognition_resnet_model_v1")
    theirs = [dlib.compute_face_descriptor(crop) for crop in crops]
    np.testing.assert_allclose(vectors, theirs, atol=2e-6)


@pytest.mark.parametrize("network", faces.SIDES)
def test_a_picture_without_faces_has_no_landmarks_crops_and_vectors(network):
    picture, nobody = np.zeros((40, 60, 3), np.uint8), np.zeros((0, 4), np.float32)
    assert faces.landmarks(picture, nobody).shape == (0, 68, 2)
    crops = faces.crop(picture, nobody, network)
    assert crops.shape == (0, faces.SIDES[network], faces.SIDES[network], 3)
    assert faces.embed(crops, network).shape == (0, 128)


def test_wrong_detectors_options_crops_and_networks_are_named():
    picture = np.zeros((40, 40, 3), np.uint8)
    with pytest.raises(ValueError, match="haar.*mtcnn, hog, cnn"):
        faces.detect(picture, "haar")
    for detector in ("mtcnn", "hog"):
        with pytest.raises(TypeError, match="min_size"):
            faces.detect(picture, detector, min_size=9)
    with pytest.raises(ValueError, match="arcface.*dlib, mobilefacenet, facenet"):
        faces.crop(picture, np.zeros((1, 4)), "arcface")
    with pytest.raises(ValueError, match="arcface.*dlib, mobilefacenet, facenet"):
        faces.embed(np.zeros((0, 112, 112, 3), np.uint8), "arcface")
    with pytest.raises(ValueError, match=r"\(n, 150, 150, 3\).*\(1, 112, 112, 3\)"):
        faces.embed(np.zeros((1, 112, 112, 3), np.uint8))
    with pytest.raises(UnknownDataset, match="facenet"):
        faces.embed(np.zeros((1, 160, 160, 3), np.uint8), "facenet")
