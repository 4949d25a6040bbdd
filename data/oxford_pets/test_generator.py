"""Drawn pets: trimaps that fit, pictures that differ, animals that no threshold finds."""

import numpy as np
import pytest

from data.oxford_pets import generator as pets


@pytest.fixture(scope="module")
def drawn() -> list[pets.Drawn]:
    return pets.pets(16)


def test_every_picture_has_a_trimap_of_its_size(drawn):
    assert len(drawn) == 16
    for image, trimap in drawn:
        assert image.dtype == trimap.dtype == np.uint8 and image.ndim == 3
        assert image.shape[:2] == trimap.shape and max(trimap.shape) == 160
        assert set(np.unique(trimap)) == {1, 2, 3}
        assert 0.03 < np.mean(trimap == 1) < 0.8
    assert len({image.shape for image, _ in drawn}) > 4


def test_the_same_seed_draws_the_same_and_a_longer_list_begins_alike(drawn):
    again = pets.pets(3)
    for k in range(3):
        np.testing.assert_array_equal(drawn[k][0], again[k][0])
    assert not np.array_equal(pets.pets(1, seed=1)[0][1], drawn[0][1])


def test_no_threshold_on_a_colour_finds_the_animal(drawn):
    best = []
    for image, trimap in drawn:
        pet, known = trimap == 1, trimap != 3
        guesses = [
            (image[..., c] > t) == side
            for c in range(3)
            for t in range(20, 250, 20)
            for side in (True, False)
        ]
        ious = [(g & pet)[known].sum() / (g | pet)[known].sum() for g in guesses]
        best.append(max(ious))
    assert np.mean(best) < 0.65  # although the best threshold was picked for every picture
