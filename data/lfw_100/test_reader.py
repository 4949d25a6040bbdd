"""Reading LFW's archive and lists, and the drawn people in their place."""

import os
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from data import lfw_100
from utils import data

PEOPLE = "2\n2\nAda_Brook\t3\nBen_Dale\t1\n2\nZoe_Elm\t2\nCora_Acker\t2\n"
PAIRS = (
    "2\t1\nAda_Brook\t1\t3\nAda_Brook\t2\tBen_Dale\t1\nZoe_Elm\t1\t2\nCora_Acker\t2\tZoe_Elm\t1\n"
)
COUNTS = {"Ada_Brook": 3, "Ben_Dale": 1, "Cora_Acker": 2, "Zoe_Elm": 2}


def jpeg(colour: tuple[int, int, int], side: int = 100) -> bytes:
    rgb = np.full((side, side, 3), colour, np.uint8)
    return cv2.imencode(".jpg", rgb[..., ::-1])[1].tobytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny set in the official layout; red tells the person, green the number of the picture."""
    with zipfile.ZipFile(tmp_path / "lfw_100.zip", "w") as packed:
        for i, (name, count) in enumerate(COUNTS.items()):
            for k in range(1, count + 1):
                packed.writestr(f"{name}/{name}_{k:04d}.jpg", jpeg((60 * i, 50 * k, 0)))
    (tmp_path / "people.txt").write_text(PEOPLE)
    (tmp_path / "pairs.txt").write_text(PAIRS)
    return tmp_path


def read(folder: Path) -> dict:
    return lfw_100.read_lfw(*(folder / n for n in ("lfw_100.zip", "people.txt", "pairs.txt")))


def test_people_stand_in_order_of_their_names_with_their_folds(folder):
    got = read(folder)
    assert got["names"] == tuple(COUNTS)
    np.testing.assert_array_equal(got["person_fold"], np.array([1, 1, 2, 2]), strict=True)
    np.testing.assert_array_equal(got["person"], np.array([0, 0, 0, 1, 2, 2, 3, 3]), strict=True)


def test_pairs_name_the_right_pictures(folder):
    got = read(folder)
    np.testing.assert_array_equal(
        got["pairs"], np.array([[0, 2], [1, 3], [6, 7], [5, 6]]), strict=True
    )
    np.testing.assert_array_equal(got["same"], np.array([True, False, True, False]), strict=True)
    np.testing.assert_array_equal(got["pair_fold"], np.array([1, 1, 2, 2]), strict=True)


def test_the_real_set_is_read_from_what_is_fetched(folder, monkeypatch):
    from data.core import fetch

    monkeypatch.setattr(
        fetch, "fetch", lambda name, file: fetch.Fetched(path=folder / file, source="local")
    )
    real = data.load("lfw_pairs", tier="real")
    assert (real.data, real.source) == ("real", "local")
    assert real.fraction == 8 / 13233
    np.testing.assert_array_equal(real.fold, np.array([1, 1, 1, 1, 2, 2, 2, 2]), strict=True)


DATA_FOLDER = os.environ.get("COURSE_DATA_DIR", "")


@pytest.mark.skipif(
    not DATA_FOLDER or not (Path(DATA_FOLDER) / "lfw_100").is_dir(),
    reason="needs LFW in COURSE_DATA_DIR",
)
def test_the_official_set_has_its_official_numbers(monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", DATA_FOLDER)
    real = data.load("lfw_pairs", tier="real")
    assert real.images.shape == (13233, 100, 100, 3) and len(real.names) == 5749
    assert real.pairs.shape == (6000, 2) and int(real.same.sum()) == 3000
    assert len(np.unique(real.pairs)) == 7701 and real.fraction == 1.0
    people = real.person[real.pairs]
    np.testing.assert_array_equal(people[:, 0] == people[:, 1], real.same, strict=True)
    counts = np.bincount(real.person[real.fold >= 4])
    assert int((real.fold >= 4).sum()) == 9408
    assert (int((counts >= 2).sum()), int((counts == 1).sum())) == (1186, 2855)
