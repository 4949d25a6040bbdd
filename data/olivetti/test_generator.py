"""Drawn sittings: reproducible, in the layout of the official set."""

import numpy as np

from data.kit import faces
from data.olivetti import generator
from data.olivetti.generator import olivetti_like


def test_the_layout_is_olivettis():
    drawn = olivetti_like(4, 10)
    assert drawn["images"].shape == (40, 64, 64) and drawn["images"].dtype == np.float32
    assert drawn["person"].dtype == np.int64
    assert np.bincount(drawn["person"]).tolist() == [10] * 4


def test_eyes_stay_in_the_crop_and_glasses_fit_the_face(monkeypatch):
    shown = []

    def draw(who, take, **how):
        drawn = faces.draw_face(who, take, **how)
        shown.append((who, drawn.part("left_eye"), drawn.part("right_eye")))
        return drawn

    monkeypatch.setattr(generator, "draw_face", draw)
    olivetti_like(40, 10, size=32)
    for who, left, right in shown:
        pupils = np.stack([left.mean(axis=0), right.mean(axis=0)])
        assert 2 < pupils.min() and pupils.max() < 29, "an eye is cut by the picture's edge"
        if who.glasses:
            frame = who.eye_distance + who.glasses_size
            assert 0.65 * who.width < frame < who.width and who.glasses_tone < min(who.skin)
    assert 30 < sum(who.glasses for who, *_ in shown) < 100
