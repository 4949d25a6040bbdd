"""Drawn forgeries: nobody in two parts, recognised by the forgery alone."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data.forged_faces import generator
from utils import data

pytestmark = pytest.mark.xdist_group("forged_faces")  # one process draws the sample, once


@pytest.fixture(scope="module")
def forged():
    return data.load("forged_faces", tier="sample")


def test_nobody_stands_in_two_parts(forged):
    seen = [set(forged.people[forged.part == part]) for part in generator.COUNTS]
    assert not (seen[0] & seen[1] | seen[0] & seen[2] | seen[1] & seen[2])


def test_only_swaps_have_a_pasted_part_and_it_is_the_middle_of_the_face(forged):
    swaps = np.flatnonzero(forged.kind == "swap")[:40]
    regions = forged.regions(swaps)
    assert regions.shape == (40, 256, 256) and regions.dtype == bool
    shares = regions.mean(axis=(1, 2))
    assert 0.08 < shares.min() and shares.max() < 0.4
    assert regions[:, 110:150, 118:138].mean() > 0.9
    assert not forged.regions(np.flatnonzero(forged.kind != "swap")[::50]).any()


def colours(images):
    """Return six numbers a picture: mean and spread of each colour."""
    return np.concatenate([images.mean(axis=(1, 2)), images.std(axis=(1, 2))], axis=1)


def thumbnails(images):
    return images[:, ::16, ::16].reshape(len(images), -1)


def spectra(images):
    """Return the logarithmic power of 16 rings of frequencies, (n, 16)."""
    grey = images.mean(axis=3)
    power = np.abs(np.fft.rfft2(grey - grey.mean(axis=(1, 2), keepdims=True))) ** 2
    far = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.rfftfreq(256)[None])
    ring = np.minimum((far * 32).astype(int), 15)
    return np.stack([np.log(power[:, ring == r].mean(axis=1)) for r in range(16)], axis=1)


def separated(forged, task, features):
    """Return the test AUC of a logistic regression on some numbers of each picture."""
    (x, y, _), (new_x, new_y, _) = (getattr(forged, task)(part) for part in ("train", "test"))
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    model.fit(features(x), y)
    return roc_auc_score(new_y, model.decision_function(features(new_x)))


@pytest.mark.parametrize("task", ["deepfakes", "synthetic"])
@pytest.mark.parametrize("features", [colours, thumbnails])
def test_neither_colours_nor_thumbnails_tell_the_forged_ones(forged, task, features):
    assert 0.35 < separated(forged, task, features) < 0.65


def test_the_finest_grain_tells_the_synthetic_ones(forged):
    assert separated(forged, "synthetic", spectra) > 0.95
