"""What decided a training is known again, and what is another is named."""

import itertools
import linecache
import sys
import tomllib
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from utils import _made, checkpoints

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


def execute(source, space):
    """Run some code as a cell, whose lines Python can look up again."""
    name = f"<cell {next(COUNT)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), space)


def run(source=NOTEBOOK, epochs=2):
    space = vars(ModuleType("__main__")) | {"np": np, "Layer": Layer}
    space["settings"] = SimpleNamespace(epochs=epochs)
    execute(source, space)
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


@pytest.fixture
def cells(monkeypatch):
    """Run some code as the notebook itself, and return what is known of its ``train``."""

    def made(source, things=("train",), given=()):
        module = ModuleType("__main__")
        monkeypatch.setitem(sys.modules, "__main__", module)
        execute(source, vars(module))
        return _made.told([*(vars(module)[thing] for thing in things), *given], {})

    return made


@pytest.mark.parametrize(
    ("source", "old", "new", "names"),
    [
        pytest.param(
            "def a(x): return x\ndef b(x): return x + 1\nLOSSES = {'a': a}\n"
            "def train(): LOSSES['a'](1)",
            "{'a': a}", "{'a': b}", ["LOSSES"], id="functions in a container",
        ),
        pytest.param(
            "LOSSES = {\n    'a': lambda x: x,\n}\ndef train(): LOSSES['a'](1)",
            "x: x", "x: -x", ["LOSSES"], id="a nameless function in a container",
        ),
        pytest.param(
            "RATE = 1\nf = lambda x: RATE\ndef train(): f(1)",
            "RATE = 1", "RATE = 2", ["RATE"], id="what a nameless function uses",
        ),
        pytest.param(
            "RATE = 1\nclass Base:\n    def f(self): return RATE\nclass Net(Base):\n    pass\n"
            "def train(): Net()",
            "RATE = 1", "RATE = 2", ["RATE"], id="base classes",
        ),
        pytest.param(
            "RATE = 1\nclass Net:\n    @property\n    def f(self): return RATE\ndef train(): Net()",
            "RATE = 1", "RATE = 2", ["RATE"], id="properties",
        ),
        pytest.param(
            "import functools\nRATE = 1\n@functools.cache\ndef f(): return RATE\ndef train(): f()",
            "return RATE", "return -RATE", ["f"], id="cached functions",
        ),
        pytest.param(
            "import functools\ndef f(x, y): return x\ng = functools.partial(f, y=1)\n"
            "def train(): g(1)",
            "y=1", "y=2", ["g"], id="functions with some arguments given",
        ),
        pytest.param(
            "RATE = 1\ndef train(rate=RATE): return rate",
            "RATE = 1", "RATE = 2", ["RATE"], id="defaults",
        ),
        pytest.param(
            "def of(rate):\n    def f(): return rate\n    return f\nf = of(1)\ndef train(): f()",
            "of(1)", "of(2)", ["f"], id="what a function was made with",
        ),
        pytest.param(
            "from dataclasses import dataclass\n@dataclass\nclass Case:\n    rate: float = 1\n"
            "CASE = Case(1)\ndef train(): CASE.rate",
            "Case(1)", "Case(2)", ["CASE"], id="records of the notebook",
        ),
        pytest.param(
            "from dataclasses import dataclass\n@dataclass\nclass Case:\n    rate: float = 1\n"
            "def train(): Case()",
            "float = 1", "float = 2", ["Case"], id="classes without methods",
        ),
        pytest.param(
            "class Rate:\n    def __init__(self, n): self.n = n\n"
            "    def get_config(self): return {'name': 'a', 'n': self.n}\n"
            "rate = Rate(1)\ndef train(): rate",
            "Rate(1)", "Rate(2)", ["rate"], id="optimizers",
        ),
    ],
)  # fmt: skip
def test_what_is_reached_by_detours_is_followed(cells, source, old, new, names):
    before = cells(source)
    assert before == cells(source)
    assert _made.changed(before, cells(source.replace(old, new))) == names


def test_what_differs_from_run_to_run_is_left_aside(cells):
    source = (
        "import numpy as np\nPARTS = {'a': np.zeros(3), 'n': 2}\nNAMES = {'b', 'a', 'c'}\n"
        "def train(): PARTS, NAMES"
    )
    before = cells(source)
    assert set(before) == {"train", "PARTS", "NAMES"}
    assert before == cells(source.replace("zeros", "ones").replace("'b', 'a'", "'a', 'b'"))
    assert _made.changed(before, cells(source.replace("2", "3"))) == ["PARTS"]


def test_a_setting_of_the_name_of_a_function_hides_nothing(cells):
    source = "def fit(): return 1\ndef train(): fit()"
    found = cells(source, given=[{"fit": 3}])
    assert set(found) == {"train", "fit", "fit()"}
    changed = cells(source.replace("return 1", "return 2"), given=[{"fit": 3}])
    assert _made.changed(found, changed) == ["fit()"]


def test_a_class_alone_may_be_given(cells):
    cell = "RATE = 1\nclass Net:\n    rate = RATE\n"
    found = cells(cell, things=["Net"])
    assert set(found) == {"Net", "RATE"}


def test_names_that_are_no_bare_keys_are_kept_as_they_are(tmp_path):
    code = {"λ": "1", "fit()": "2", "a b": "3", "plain": "4"}
    checkpoints._write_card(tmp_path / "net", {"moments": [], "code": code})
    text = (tmp_path / "net.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["code"] == code
    assert 'plain = "4"' in text
