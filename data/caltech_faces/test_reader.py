"""The Caltech faces: people, points, aligned faces, and folds that keep people apart."""

import cv2
import numpy as np
import pytest

from utils import data, faces


@pytest.fixture(scope="module")
def record():
    return data.load("caltech_faces")


def test_shapes_types_and_counts(record):
    assert record.images.shape == (427, 160, 160, 3) and record.images.dtype == np.uint8
    assert record.person.shape == (427,) and record.person.dtype == np.int64
    assert record.landmarks.shape == (427, 5, 2) and record.landmarks.dtype == np.float32
    counts = np.bincount(record.person)
    assert len(counts) == 26
    assert sorted(counts[counts < 10]) == [4, 5, 5, 5, 5, 5, 5]
    assert counts[counts >= 10].min() == 18 and counts.max() == 25
    assert (np.diff(record.person) >= 0).all()


def test_points_lie_in_the_face_eyes_above_nose_above_mouth(record):
    points = record.landmarks
    assert points.min() > 0 and points.max() < 159
    left_eye, right_eye, nose, left_mouth, right_mouth = points.transpose(1, 0, 2)
    assert (left_eye[:, 0] + 10 < right_eye[:, 0]).all()
    assert (left_mouth[:, 0] + 5 < right_mouth[:, 0]).all()
    assert ((left_eye + right_eye)[:, 1] / 2 < nose[:, 1]).all()
    assert (nose[:, 1] < (left_mouth + right_mouth)[:, 1] / 2).all()


@pytest.mark.parametrize("k", [0, 113, 250, 426])
def test_dlib_finds_the_same_points_in_the_packed_picture(record, k):
    found = faces.detect(record.images[k], "hog", min_face=40)
    distance = np.linalg.norm(found.landmarks[0] - record.landmarks[k], axis=1)
    assert distance.mean() < 3


def test_pictures_do_not_repeat(record):
    small = np.stack(
        [cv2.resize(image[..., 1], (17, 16), interpolation=3) for image in record.images]
    )
    bits = (small[:, :, 1:] > small[:, :, :-1]).reshape(427, -1)  # the difference hash
    differ = (bits[:, None] != bits[None]).sum(axis=2)
    assert differ[~np.eye(427, dtype=bool)].min() > 25  # of 256 bits


@pytest.mark.parametrize("side", [64, 112])
def test_aligned_faces_have_their_points_at_the_same_places(record, side):
    aligned = record.aligned(side)
    assert aligned.shape == (427, side, side, 3) and aligned.dtype == np.uint8
    # The eyes are darker than the cheeks under them, at places that are the same in all faces.
    row, cheek = (round(side * share) for share in (0.46, 0.65))
    columns = [round(side * share) for share in (0.34, 0.65)]
    mean = aligned.mean(axis=(0, 3))
    assert (mean[row, columns] + 20 < mean[cheek, columns]).all()


@pytest.mark.parametrize("fold", range(5))
def test_folds_keep_people_apart(record, fold):
    parts = record.by_person(fold)
    assert sorted(np.concatenate(parts)) == list(range(427))
    people = [set(record.person[part]) for part in parts]
    assert not people[0] & people[1] | people[0] & people[2] | people[1] & people[2]
    assert all(len(part) >= 5 for part in people)
