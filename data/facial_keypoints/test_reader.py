"""Reading faces with 68 points: tables, parts, people, splits, and what must be refused."""

import numpy as np
import pytest

from data.core.record import split_by_fold

LISTED = {
    "training": ("Eve_00.jpg", "Al_van_Dam_11.jpg", "Al_van_Dam_10.jpg", "Bo_20.jpg"),
    "test": ("Eve_01.jpg", "Al_van_Dam_10.jpg"),
}


def line(name, first=0.0):
    return ",".join([name, *(f"{first + k / 4:.2f}" for k in range(136))])


@pytest.fixture
def table(tmp_path, picture):
    """Return the table of four frames to train on, beside two to test on.

    The first number of a frame is its place in the table.
    """
    for part, names in LISTED.items():
        for k, name in enumerate(names):
            picture(f"{part}/{name}", (40, 30 + k), (40 * k, 0, 0))
        lines = [line("", 0), *(line(name, k) for k, name in enumerate(names))]
        (tmp_path / f"{part}_frames_keypoints.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "training_frames_keypoints.csv"


def test_both_parts_are_read_sorted_and_people_are_known_by_name(table, serve):
    real = serve()
    assert real.folds.tolist() == [0, 0, 1, 2, 0, 2]
    assert real.landmarks[:, 0].tolist() == [[k, k + 0.25] for k in (2, 1, 3, 0, 1, 0)]
    assert real.landmarks.shape == (6, 68, 2) and real.landmarks.dtype == np.float32
    assert real.images[4].dtype == np.uint8 and abs(int(real.images[4][0, 0, 0]) - 40) < 4
    assert real.fraction == 6 / 4232


def test_a_split_by_fold_has_each_frame_once():
    folds = np.arange(23) % 5
    for fold in range(5):
        train, choose, test = split_by_fold(folds, fold)
        assert sorted(np.concatenate([train, choose, test])) == list(range(23))
        assert set(folds[test]) == {fold} and set(folds[choose]) == {(fold - 1) % 5}
    with pytest.raises(ValueError, match="fold 5"):
        split_by_fold(folds, 5)
