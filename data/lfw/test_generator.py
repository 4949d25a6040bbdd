"""Drawn press photographs: seeded, unbalanced, the cut-out face as the photograph shows it."""

import numpy as np
import pytest

from data.lfw import generator as lfw


def test_the_same_seed_plans_the_same_photographs():
    first, person = lfw.shots((3, 2), seed=4)
    again, _ = lfw.shots((3, 2), seed=4)
    other, _ = lfw.shots((3, 2), seed=5)
    assert first == again and first != other
    np.testing.assert_array_equal(person, np.array([0, 0, 0, 1, 1]), strict=True)
    np.testing.assert_array_equal(first[1].photograph(), again[1].photograph(), strict=True)
    np.testing.assert_array_equal(first[1].face(), again[1].face(), strict=True)


def test_shapes_types_and_range():
    shot = lfw.shots((1,))[0][0]
    photograph, face = shot.photograph(), shot.face()
    assert photograph.shape == (250, 250, 3) and photograph.dtype == np.uint8
    assert face.shape == (62, 47) and face.dtype == np.float32
    assert face.min() >= 0 and face.max() <= 1


@pytest.mark.slow
def test_dlib_finds_the_drawn_faces_and_tells_the_people_apart():
    pytest.importorskip("dlib")
    from utils import faces

    shots, person = lfw.shots((3,) * 8, seed=1)
    found, vectors = 0, []
    for shot in shots:
        photograph = shot.photograph()
        found += len(faces.detect(photograph, "hog", min_face=80)) == 1
        crop = faces.crop(photograph, np.array([[80, 86, 173, 179]]))
        vectors.append(faces.embed(crop)[0])
    assert found >= len(shots) - 2
    gap = np.linalg.norm(np.array(vectors)[:, None] - np.array(vectors), axis=2)
    same = person[:, None] == person
    assert gap[same & (gap > 0)].mean() < 0.75 * gap[~same].mean()
