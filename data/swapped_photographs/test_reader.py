"""Real pictures and swaps, made here of a small archive in the place of LFW's."""

import zipfile

import cv2
import numpy as np
import pytest

from data import swapped_photographs
from data.core.cards import DataError
from utils import data

COUNTS = {"train": {"real": 6, "swap": 3}, "test": {"real": 4, "swap": 2}}


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """Return a function that packs photographs of ``people``, each of one colour, two a person."""
    monkeypatch.setattr(swapped_photographs, "COUNTS", COUNTS)

    def pack(people):
        with zipfile.ZipFile(tmp_path / "lfw_100.zip", "w") as packed:
            for who in range(people):
                for shot in (1, 2):
                    image = np.full((100, 100, 3), 20 + 9 * who, np.uint8)
                    _, content = cv2.imencode(".jpg", image)
                    packed.writestr(f"P{who:02d}/P{who:02d}_{shot:04d}.jpg", content.tobytes())

    return pack


def test_nobody_is_in_two_parts_and_the_inner_face_is_anothers(archive, serve):
    archive(12)
    faces = serve()
    assert faces.images.shape == (15, 100, 100, 3) and faces.items == 6
    parts = [set(faces.people[faces.part == part]) for part in COUNTS]
    assert not set.intersection(*parts)
    images, labels, numbers = faces.deepfakes("train")
    assert labels.tolist().count(1) == 3 and (images == faces.images[numbers]).all()
    # Every picture has one colour, which tells whose it is: 20 + 9 * who
    rim = faces.images[:, :10].mean(axis=(1, 2, 3))
    np.testing.assert_allclose(rim, 20 + 9 * faces.people, atol=2)
    regions = faces.regions(np.arange(15))
    assert (regions.any(axis=(1, 2)) == (faces.kind == "swap")).all()
    swaps = zip(images[labels == 1], regions[numbers][labels == 1], strict=True)
    inner = np.array([image[mask].mean() for image, mask in swaps])
    heads = 20 + 9 * faces.people[numbers][labels == 1]
    assert (np.abs(inner - heads) > 0.3).all()


def test_an_archive_with_too_few_photographs_is_refused_with_both_numbers(archive, serve):
    archive(7)
    with pytest.raises(DataError, match=r"14 photographs.* 15 pictures"):
        serve()


def test_the_sample_is_the_drawn_swaps_made_smaller():
    small, drawn = (data.load(name, "sample") for name in ("swapped_photographs", "forged_faces"))
    assert small.images.shape == (750, 100, 100, 3)
    kept = drawn.kind != "synthetic"
    assert (small.people == drawn.people[kept]).all()
    large = drawn.regions(np.flatnonzero(kept)[-5:]).mean(axis=(1, 2))
    shares = small.regions(np.arange(745, 750)).mean(axis=(1, 2))
    np.testing.assert_allclose(shares, large, atol=0.01)
