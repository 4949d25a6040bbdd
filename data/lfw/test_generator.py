"""Drawn press photographs: seeded, unbalanced, the cut-out face as the photograph shows it."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from data.lfw import generator as lfw


def test_the_people_are_as_unbalanced_as_the_real_ones():
    real = np.array([77, 236, 121, 530, 109, 71, 60, 144])
    np.testing.assert_allclose(lfw.COUNTS, real / 3, atol=0.51)
    assert len(lfw.NAMES) == len(lfw.COUNTS) and list(lfw.NAMES) == sorted(lfw.NAMES)


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


def test_the_drawn_face_is_what_the_loader_would_cut_out_of_the_photograph():
    for shot in lfw.shots((2, 2), seed=2)[0]:
        box = (lfw.COLUMNS.start, lfw.ROWS.start, lfw.COLUMNS.stop, lfw.ROWS.stop)
        small = Image.fromarray(shot.photograph()).crop(box).resize((47, 62))
        cut = np.asarray(small, np.float32).mean(axis=2) / 255
        face = shot.face()
        assert np.abs(cut - face).mean() < 0.03
        assert np.corrcoef(cut.ravel(), face.ravel())[0, 1] > 0.98
        # moved by one pixel it fits less well: the window is where it should be
        for step in (-1, 1):
            for axis in (0, 1):
                moved = np.roll(face, step, axis)[1:-1, 1:-1]
                assert (
                    np.abs(cut[1:-1, 1:-1] - moved).mean() > np.abs(cut - face)[1:-1, 1:-1].mean()
                )


def test_a_person_keeps_measures_and_hair_but_changes_clothes():
    shots = lfw.shots((6,), seed=1)[0]
    fixed = [
        dataclasses.replace(shot.identity, seed=0, glasses=False, glasses_size=0) for shot in shots
    ]
    assert all(one == fixed[0] for one in fixed)
    assert len({shot.identity.seed for shot in shots}) == len(shots)
    assert len({shot.identity.seed % 35 for shot in shots}) == 1


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
