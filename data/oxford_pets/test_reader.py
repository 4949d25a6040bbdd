"""The packed pets: parts, trimaps, outlines and boxes fit their pictures."""

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from data.oxford_pets import BACKGROUND, OUTLINE, PET, VARIETY
from utils import data


@pytest.fixture(scope="module")
def pets():
    return data.load("oxford_pets")


def hash_bits(image):
    """Return the 64 bits of a picture's difference hash."""
    small = np.array(Image.fromarray(image).convert("L").resize((9, 8), Image.Resampling.LANCZOS))
    return (small[:, 1:] > small[:, :-1]).ravel()


def test_pictures_are_small_and_in_colour(pets):
    assert all(image.dtype == np.uint8 and image.ndim == 3 for image in pets.images)
    assert {max(image.shape) for image in pets.images} == {160}
    assert len(set(pets.names)) == len(pets.names) == 926


def test_parts_hold_each_breed_in_its_share(pets):
    parts = Counter(pets.part.tolist())
    assert parts == {"train": 354, "validation": 119, "test": 116, VARIETY: 337}
    for part in ("train", "validation", "test"):
        breeds = Counter(pets.breeds[pets.part == part].tolist())
        assert set(breeds) == {"Abyssinian", "Bengal", "american_bulldog"}
        assert max(breeds.values()) - min(breeds.values()) < 8
    breeds = Counter(pets.breeds[pets.part == VARIETY].tolist())
    assert len(breeds) == 34 and set(breeds.values()) <= {9, 10}
    assert set(pets.breeds[pets.is_cat & (pets.part == VARIETY)]) >= {"Sphynx", "Persian"}


def test_no_picture_is_here_twice(pets):
    bits = np.array([hash_bits(image) for image in pets.images])
    distances = np.sum(bits[:, None] != bits, axis=-1)
    assert distances[np.triu_indices(len(bits), 1)].min() > 6


def test_trimaps_hold_three_values_and_the_band_lies_between(pets):
    images, trimaps = pets.split("test")
    for image, trimap in zip(images, trimaps, strict=True):
        assert trimap.shape == image.shape[:2] and trimap.dtype == np.uint8
        assert set(np.unique(trimap)) == {PET, BACKGROUND, OUTLINE}
        pairs = (trimap[:, 1:], trimap[:, :-1]), (trimap[1:], trimap[:-1])
        touching = [np.sum(a * b == PET * BACKGROUND) for a, b in pairs]
        assert sum(touching) < 0.05 * np.sum(trimap == OUTLINE)
    assert pets.split(VARIETY)[1] == [None] * 337


def test_outlines_and_heads_lie_in_their_pictures(pets):
    for image, outline, head, part in zip(
        pets.images, pets.outlines, pets.heads, pets.part, strict=True
    ):
        assert (outline is not None) == (part == VARIETY)
        if outline is not None:
            assert outline.shape[1] == 2 and len(outline) > 5
            assert (outline >= 0).all() and (outline <= image.shape[1::-1]).all()
        if not np.isnan(head).any():
            assert (head[:2] < head[2:]).all() and (head >= 0).all()
            assert (head <= np.tile(image.shape[1::-1], 2) + 0.5).all()
    assert np.isfinite(pets.heads[pets.part == VARIETY]).all()
    assert 0.4 < np.isfinite(pets.heads).mean() < 1


def test_a_head_is_mostly_pet(pets):
    known = [i for i in np.flatnonzero(pets.part == "test") if np.isfinite(pets.heads[i]).all()]
    shares = []
    for i in known:
        left, top, right, bottom = pets.heads[i].round().astype(int)
        shares.append(np.mean(pets.trimaps[i][top:bottom, left:right] != BACKGROUND))
    assert len(known) > 30 and np.median(shares) > 0.75
