"""What decided a training is known again, and what is another is named."""

import itertools
import linecache
from types import SimpleNamespace

import numpy as np
import pytest

from utils import _made

NOTEBOOK = '''
MARGIN, RATE, SIDE = 0.2, 1e-3, 64
SIZES = {"wide": 8}
pictures = np.zeros((4, 2))

class Head(Layer):
    def call(self, x):
        return x * SIZES["wide"]

def hinge(a, b):
    """Distance beyond the margin."""
    return np.maximum(a - b + MARGIN, 0)  # the report's

def graded(x):
    ### BEGIN SOLUTION
    return x + RATE
    ### END SOLUTION

def draw(x):
    return x

def train(seed):
    head = Head()
    head.SIDE = 3  # an attribute that is called as a setting is
    for epoch in range(settings.epochs):
        hinge(graded(pictures), head.call(seed))
'''
COUNT = itertools.count()


class Layer:
    """Of a library."""


def run(source=NOTEBOOK, epochs=2):
    name = f"<cell {next(COUNT)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space = {"__name__": "__main__", "np": np, "Layer": Layer}
    space["settings"] = SimpleNamespace(epochs=epochs)
    exec(compile(source, name, "exec"), space)
    return space


def told(old="", new="", full=None, **options):
    assert old in NOTEBOOK
    things = [run(NOTEBOOK.replace(old, new), **options)["train"]]
    return _made.told(things, full or {"epochs": 30})


def test_everything_of_the_notebook_that_trained_is_followed():
    assert set(told()) == {"train", "hinge", "MARGIN", "Head", "SIZES", "settings"}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("0.2", "0.3", ["MARGIN"]),
        ('"wide": 8', '"wide": 9', ["SIZES"]),
        ("a - b", "b - a", ["hinge"]),
        ("x * SIZES", "-x * SIZES", ["Head"]),
        ("range(settings.epochs)", "range(5)", ["train", "settings"]),
    ],
)
def test_what_is_another_is_named(old, new, names):
    assert sorted(_made.changed(told(), told(old, new))) == sorted(names)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # the report's", ""),
        ("Distance beyond", "What lies beyond"),
        ("np.maximum(a - b + MARGIN, 0)", "np.maximum(\n        a - b + MARGIN, 0\n    )"),
        ("x + RATE", "RATE + x"),
        ("    return x\n\ndef train", "    return -x\n\ndef train"),
        ("np.zeros((4, 2))", "np.ones((4, 2))"),
        ("def hinge(a, b)", "def hinge(a: float, b: float) -> float"),
    ],
)
def test_words_solutions_drawing_and_arrays_do_not_count(old, new):
    assert _made.changed(told(), told(old, new)) == []


def test_of_the_settings_those_of_the_full_profile_count():
    assert told(epochs=2) == told(epochs=9)
    assert _made.changed(told(), told(full={"epochs": 40})) == ["settings"]


def test_settings_may_be_given_as_they_are():
    known = _made.told([{"rate": 1e-3, "epochs": 5}], {})
    assert _made.changed(known, _made.told([{"rate": 1e-2, "epochs": 5}], {})) == ["rate"]
