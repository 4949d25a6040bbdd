"""Detection of faces over mtcnn and dlib."""

import re

import numpy as np
import pytest

from data.core import pictures
from data.multiface.generator import Print, collage, photographs
from data.synthetic.faces import Take, draw_face, random_identity
from utils import faces
from utils.boxes import match_boxes


def one_face(height):
    """Return a photograph of 240x240 with one face of this height."""
    return collage([Print(120, 120, height)], height=240, width=240)


@pytest.fixture(scope="module")
def sizes():
    return photographs()["sizes"]


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


@pytest.mark.parametrize(
    ("size", "min_face", "longest", "words"),
    [
        ((624, 1024), 20, 2000, r"10\.2 million pixels .1024 x 624, .* 4\).*min_face=40 or"),
        (
            (2500, 4000),
            80,
            2000,
            r"10\.0 million pixels .2000 x 1250, .* 2\).*min_face=160 or",
        ),
        (
            (2500, 4000),
            80,
            None,
            r"10\.0 million pixels .4000 x 2500, .* 1\).*smaller longest",
        ),
    ],
)
def test_a_picture_too_large_for_the_network_is_refused(
    size, min_face, longest, words, monkeypatch
):
    asked = []
    monkeypatch.setattr(faces, "_dlib", lambda name: lambda image, k: asked.append(k) or [])
    picture = np.zeros((*size, 3), np.uint8)
    with pytest.raises(ValueError, match=words) as refusal:
        faces.detect(picture, "cnn", min_face=min_face, longest=longest)
    assert asked == []
    if advised := re.search(r"min_face=(\d+) or more", str(refusal.value)):
        faces.detect(picture, "cnn", min_face=int(advised[1]), longest=longest)
        assert asked == list(range(len(asked))) and asked
        with pytest.raises(ValueError, match="million pixels"):
            faces.detect(picture, "cnn", min_face=int(advised[1]) - 1, longest=longest)


@pytest.mark.parametrize(("longest", "doublings"), [(2000, 2), (None, 2), (400, 2)])
def test_a_shrunk_photograph_is_not_enlarged_beyond_the_size_of_its_smallest_face(
    monkeypatch, longest, doublings
):
    asked = []

    def answer(image, times):
        asked.append(times)
        return []

    monkeypatch.setattr(faces, "_dlib", lambda detector: answer)
    photograph = np.zeros((3000, 4000, 3), np.uint8)
    assert len(faces.detect(photograph, "hog", longest=longest)) == 0
    assert max(asked) == doublings


def test_at_its_defaults_the_package_answers_the_same(sizes, found):
    from mtcnn import MTCNN

    plain = MTCNN().detect_faces(sizes.image, box_format="xyxy", output_type="numpy")
    np.testing.assert_allclose(found.boxes, plain[:, 1:5], rtol=1e-5, atol=1e-3)


def test_a_large_picture_is_made_smaller_and_answered_in_its_own_pixels():
    item = one_face(80)
    large = np.kron(item.image, np.ones((4, 4, 1), np.uint8))
    found = faces.detect(large, longest=240, min_face=80)
    assert (match_boxes(found.boxes, 4 * item.boxes) == [0]).all() and len(found) == 1


def test_unknown_detectors_and_options_are_named():
    picture = np.zeros((40, 40, 3), np.uint8)
    with pytest.raises(ValueError, match="haar.*mtcnn, hog, cnn, yunet"):
        faces.detect(picture, "haar")
    with pytest.raises(TypeError, match="scale_factor"):
        faces.detect(picture, "hog", scale_factor=0.5)
    for detector, takes in (("mtcnn", "threshold_pnet"), ("yunet", "score_threshold")):
        with pytest.raises(TypeError, match=rf"^min_size: detector='{detector}' takes .*{takes}"):
            faces.detect(picture, detector, min_size=9)


class FakeYuNet:
    """Answers as cv2.FaceDetectorYN does: x, y, width, height, five points, score."""

    def setInputSize(self, size):
        self.size = size

    def setScoreThreshold(self, threshold):
        self.threshold = threshold

    def detect(self, image):
        self.image = image
        points = [12, 14, 18, 14, 15, 18, 12, 22, 18, 22]
        rows = [[10, 10, 12, 16, *points, 0.8], [40, 40, 6, 8, *points, 0.9]]
        return 1, np.array(rows, np.float32) if self.threshold < 0.9 else None


def test_yunet_answers_in_the_same_way(monkeypatch):
    fake = FakeYuNet()
    monkeypatch.setattr(faces, "_yunet", lambda: fake)
    picture = np.zeros((60, 80, 3), np.uint8)
    picture[..., 0] = 255  # red
    found = faces.detect(picture, "yunet", min_face=5)
    assert fake.size == (80, 60) and fake.image[0, 0].tolist() == [0, 0, 255]
    np.testing.assert_allclose(found.scores, [0.9, 0.8], rtol=1e-6)
    np.testing.assert_array_equal(found.boxes, [[40, 40, 46, 48], [10, 10, 22, 26]])
    np.testing.assert_array_equal(found.landmarks[0, :2], [[12, 14], [18, 14]])
    assert len(faces.detect(picture, "yunet", min_face=12)) == 1
    assert len(faces.detect(picture, "yunet", score_threshold=0.95)) == 0
    assert len(faces.detect(picture[:8], "yunet")) == 0


def test_landmarks_lie_where_the_print_has_them():
    item = one_face(120)
    points = faces.landmarks(item.image, item.boxes)
    assert points.shape == (1, 68, 2) and points.dtype == np.float32
    five = faces._five_of_68(points[0])
    assert np.linalg.norm(five - item.landmarks[0], axis=1).max() < 12
    assert faces.landmarks(item.image, np.empty((0, 4))).shape == (0, 68, 2)


def test_a_similarity_is_recovered_exactly():
    angle, scale, shift = 0.4, 1.7, np.array([3.0, -8.0])
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    points = np.array([[0.0, 0], [4, 1], [2, 5], [7, 7], [1, 6]])
    target = points @ np.array([[c, -s], [s, c]]).T + shift
    np.testing.assert_allclose(pictures.similarity(points, target)[:, :2], [[c, -s], [s, c]])
    np.testing.assert_allclose(pictures.similarity(points, target)[:, 2], shift)


@pytest.mark.parametrize("network", faces.SIDES)
def test_crops_have_the_side_of_their_network(network):
    item = one_face(120)
    crops = faces.crop(item.image, np.repeat(item.boxes, 2, axis=0), network)
    side = faces.SIDES[network]
    assert crops.shape == (2, side, side, 3) and crops.dtype == np.uint8
    assert faces.crop(item.image, np.empty((0, 4)), network).shape == (0, side, side, 3)
    edge = np.array([[-40.0, -30, 30, 60]])  # half outside the picture
    assert faces.crop(item.image, edge, network).shape == (1, side, side, 3)


def test_an_aligned_crop_has_the_points_at_the_template():
    item = one_face(120)
    crop = faces.crop(item.image, item.boxes, "mobilefacenet")[0]
    again = faces._five_of_68(faces.landmarks(crop, np.array([[20.0, 30, 92, 108]]))[0])
    assert np.linalg.norm(again - faces._TEMPLATE_112, axis=1).max() < 8


def test_embeddings_of_one_person_lie_near_each_other():
    near, far = one_face(120), one_face(90)
    who = random_identity(np.random.default_rng(5))
    stranger = draw_face(who, Take(zoom=0.6), size=200, colour=True)
    other = (stranger.image * 255).astype(np.uint8)
    box = faces.detect(other, "hog", min_face=80).boxes[:1]
    crops = [faces.crop(p.image, p.boxes)[0] for p in (near, far)] + [faces.crop(other, box)[0]]
    seen = []
    vectors = faces.embed(np.array(crops), batch_size=2, progress=seen.append)
    assert vectors.shape == (3, 128) and vectors.dtype == np.float32 and seen == [2, 1]
    same, different = np.linalg.norm(vectors[0] - vectors[1:], axis=1)
    assert same < 0.4 < 0.6 < different
    assert faces.embed(np.empty((0, 150, 150, 3), np.uint8)).shape == (0, 128)
    dlib = faces._dlib_model("face_recognition_model_v1", "dlib_face_recognition_resnet_model_v1")
    theirs = [dlib.compute_face_descriptor(crop) for crop in crops]
    np.testing.assert_allclose(vectors, theirs, atol=2e-6)


def test_wrong_boxes_crops_and_networks_are_named():
    picture = np.zeros((40, 40, 3), np.uint8)
    with pytest.raises(ValueError, match="arcface.*dlib, mobilefacenet, facenet"):
        faces.crop(picture, np.zeros((1, 4)), "arcface")
    with pytest.raises(ValueError, match=r"not \(4,\)"):
        faces.crop(picture, np.array([1, 2, 3, 4]))
    with pytest.raises(ValueError, match="is empty"):
        faces.crop(picture, np.array([[10, 10, 10, 20]]))
    with pytest.raises(ValueError, match=r"\(n, 150, 150, 3\).*not \(1, 112, 112, 3\)"):
        faces.embed(np.zeros((1, 112, 112, 3), np.uint8))
    crops = faces.crop(picture, np.array([[10, 10, 30, 30]]), "facenet")
    assert crops.shape == (1, 160, 160, 3)
    with pytest.raises(ValueError, match="FaceNet has no weights here.*01/02"):
        faces.embed(crops, "facenet")


@pytest.mark.slow
def test_a_hundred_pictures_do_not_grow_the_memory():
    import psutil

    pictures = [one_face(side).image for side in (40, 60, 80, 100, 120)]
    process = psutil.Process()
    for picture in pictures:  # every size once: TensorFlow keeps what it made for it
        faces.detect(picture, min_face=40)
    before = process.memory_info().rss
    for i in range(100):
        faces.detect(pictures[i % 5], min_face=40)
    assert process.memory_info().rss - before < 40e6
