"""The drawn faces: reproducible, in range, with landmarks where the features are."""

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from data.kit import faces


@pytest.fixture
def person() -> faces.Identity:
    return dataclasses.replace(
        faces.random_identity(np.random.default_rng(3)), glasses=False, beard=0, moustache=0
    )


def test_a_picture_has_the_promised_shape_type_and_range(person):
    grey = faces.draw_face(person, size=48)
    bright = faces.Take(exposure=2.0)
    colour = faces.draw_face(person, bright, size=48, colour=True, noise=0.2)
    assert grey.image.shape == (48, 48) and colour.image.shape == (48, 48, 3)
    for face in (grey, colour):
        assert face.image.dtype == np.float32
        assert face.image.min() >= 0 and face.image.max() <= 1
        assert face.landmarks.shape == (68, 2) and face.landmarks.dtype == np.float32


def test_a_face_before_several_walls_is_as_before_each_of_them(person):
    worn = dataclasses.replace(person, glasses=True, beard=0.5, hair_sides=0.8)
    take = faces.Take(faces.Expression(smile=0.8), yaw=0.2, roll=0.1, zoom=0.6)
    drawn, landmarks = faces.draw_before(worn, take, (0.0, 0.4, 0.7), size=136)
    for image, tone in zip(drawn, (0.0, 0.4, 0.7), strict=True):
        alone = faces.draw_face(
            worn, dataclasses.replace(take, background=tone), size=136, colour=True
        )
        np.testing.assert_allclose(image, alone.image, atol=1e-6, strict=True)
        np.testing.assert_array_equal(landmarks, alone.landmarks, strict=True)
    with pytest.raises(ValueError, match="size 64"):
        faces.draw_before(worn, take, (0.0, 0.4), size=64)


def test_the_same_seed_draws_the_same_person():
    first, again, other = (faces.random_identity(np.random.default_rng(k)) for k in (5, 5, 6))
    assert first == again and first != other
    np.testing.assert_array_equal(
        faces.draw_face(first, size=32).image, faces.draw_face(again, size=32).image, strict=True
    )
    assert np.abs(faces.draw_face(first).image - faces.draw_face(other).image).max() > 0.1


def test_each_switch_of_the_expression_moves_its_own_landmarks(person):
    calm = faces.draw_face(person, size=200)
    smile = faces.draw_face(person, faces.Take(faces.Expression(smile=1.0)), size=200)
    mouth = faces.draw_face(person, faces.Take(faces.Expression(mouth=1.0)), size=200)
    asleep = faces.draw_face(person, faces.Take(faces.Expression(eyes=0.0)), size=200)

    def spread(face, part, axis):
        return np.ptp(face.part(part)[:, axis])

    assert spread(smile, "outer_lip", 0) > 1.1 * spread(calm, "outer_lip", 0)
    assert spread(mouth, "inner_lip", 1) > 2 * spread(calm, "inner_lip", 1)
    assert spread(asleep, "left_eye", 1) < 0.6 * spread(calm, "left_eye", 1)
    np.testing.assert_allclose(asleep.part("jaw"), calm.part("jaw"))


@pytest.mark.slow
def test_dlib_finds_the_drawn_faces_and_agrees_about_their_landmarks():
    dlib = pytest.importorskip("dlib")
    folder = importlib.util.find_spec("face_recognition_models").submodule_search_locations[0]
    model = Path(folder) / "models" / "shape_predictor_68_face_landmarks.dat"
    detector, predictor = dlib.get_frontal_face_detector(), dlib.shape_predictor(str(model))
    rng = np.random.default_rng(1)
    errors = []
    for _ in range(12):
        person, does = faces.random_identity(rng), faces.random_expression(rng)
        take = faces.Take(does, yaw=float(rng.normal(0, 0.15)), zoom=0.6, centre=(0.0, 0.1))
        face = faces.draw_face(person, take, size=200, colour=True)
        pixels = (255 * face.image).astype(np.uint8)
        found = detector(pixels, 0)
        assert len(found) == 1
        points = np.array([(p.x, p.y) for p in predictor(pixels, found[0]).parts()])
        eyes = np.linalg.norm(face.landmarks[36] - face.landmarks[45])
        inner = np.linalg.norm(points[17:] - face.landmarks[17:], axis=1) / eyes
        errors.append(inner.mean())
    assert np.mean(errors) < 0.06
