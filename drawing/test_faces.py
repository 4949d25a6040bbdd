"""The drawn faces, with landmarks where the features are."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from drawing import faces


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
