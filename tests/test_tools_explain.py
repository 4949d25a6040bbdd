"""What a student is told of an answer that fails."""

import pytest

from tools.notebook import tasks
from tools.notebook.explain import MOST_LINES, WIDTH


def told(solution, test, harness=""):
    lines = []
    task = tasks.Task("u/n", "f", 1, "import numpy as np", solution, test, harness)
    error = tasks.outcome(task, solution, test, told=lines)
    assert error and len(lines) <= MOST_LINES and all(len(line) <= WIDTH for line in lines)
    return lines


def test_both_sides_of_a_bare_assert_are_told():
    lines = told("def f(x):\n    return x * 2.0", "x = 3\nassert f(\n    x\n) == 9.0")
    assert lines == ["line 2 of the test: assert f( x ) == 9.0", "  f(x) is 6; 9 is asked"]


def test_an_array_is_told_with_type_and_shape():
    lines = told("def f():\n    return np.ones((2, 3))", "a = f()\nassert (a == 0).all()\n")
    assert lines[0] == "line 2 of the test: assert (a == 0).all()"
    lines = told("def f():\n    return np.ones((2, 3))", "assert np.isclose(f(), 0)[0, 0] == True")
    assert "np.isclose(f(), 0)[0, 0] is False; True is asked" in lines[1]
    lines = told("def f():\n    return np.zeros(2)", "assert np.array_equal(f(), np.arange(2))")
    assert "f() is array([0., 0.]), float64 (2,)" in lines[1]
    assert "np.arange(2) is array([0, 1]), int64 (2,)" in lines[2]


def test_numpys_own_message_follows_and_is_cut_by_lines():
    test = "np.testing.assert_array_less(f(), np.arange(40.0), err_msg='a\\n' * 30)"
    lines = told("def f():\n    return np.ones(40)", test)
    assert lines[0].startswith("line 1 of the test: np.testing.assert_array_less(f()")
    assert len(lines) == MOST_LINES and lines[-1].endswith("more lines")


CLOSE = "np.testing.assert_allclose(f(), {}, rtol=1e-6, strict=True)"


@pytest.mark.parametrize(
    ("gives", "test", "words"),
    [
        ("None", CLOSE.format("np.ones(3)"), ["f() is None: does the function end in a line"]),
        ("None", "assert f() == 3", ["f() is None: does the function end in a line"]),
        ("np.ones(3)", CLOSE.format("np.ones((3, 1))"), ["f() has shape (3,); (3, 1) is asked"]),
        (
            "np.ones(3, 'f4')",
            CLOSE.format("np.ones(3)"),
            ["f() has type float32; float64 is asked"],
        ),
        (
            "np.ones((3, 2))",
            CLOSE.format("np.arange(6.0).reshape(3, 2)"),
            [
                "f(): 5 of 6 entries differ",
                "  at [0, 0] it is 1; 0 is asked",
                "  at [1, 0] it is 1; 2 is asked",
                "  at [1, 1] it is 1; 3 is asked",
            ],
        ),
        (
            "np.array(['a', 'b'])",
            "np.testing.assert_array_equal(f(), np.array(['a', 'c']))",
            ["f(): 1 of 2 entries differ", "  at [1] it is 'b'; 'c' is asked"],
        ),
        ("0.1 + 0.2", "assert f() == 0.3", ["f() is 0.30000000000000004; 0.3 is asked"]),
        ("3", "assert f() == '3'", ["f() is 3; '3' is asked (an int, not a str)"]),
        ("([1, 2], 'a')", "assert f() == ([1, 3], 'a')", ["f()[0][1] is 2; 3 is asked"]),
        ("10**400", "assert f() == 3.5", ["f() is 1000000"]),
        (
            "np.array([1, 1.00001, 2])",
            "np.testing.assert_array_almost_equal(f(), np.ones(3), decimal=3)",
            ["f(): 1 of 3 entries differ", "  at [2] it is 2; 1 is asked"],
        ),
        ("[1, 2]", "assert f() == (1, 2)", ["f() is a list of 2; a tuple of 2 is asked"]),
        ("[1, 2, 3]", "assert f() == [1]", ["f() has 3 entries: [1, 2, 3]", "  1 asked: [1]"]),
        ("{'a': 1}", "assert f() == {'a': 1, 'b': 2}", ["f() lacks 'b'"]),
        ("{'a': 1}", "assert f() == {'a': [1]}", ["f()['a'] is an int; a list of 1 is asked"]),
        ("[1]", "assert isinstance(f(), np.ndarray)", ["f() is a list of 1; an array is asked"]),
        (
            "'x'",
            "assert isinstance(f(), int | float)",
            ["f() is a str; an int or a float is asked"],
        ),
        ("1.5", "assert f() < 1", ["f() is 1.5"]),
        ("1.5", "assert abs(f() - 2) < 1e-3", ["abs(f() - 2) is 0.5", "f() is 1.5"]),
        ("None", "assert isinstance(f(), tuple)", ["f() is None: does the function end in a line"]),
        (
            "[2], 1",
            "assert isinstance(f(), tuple) and isinstance(f()[1], np.ndarray), type(f()[1])",
            ["f()[1] is an int; an array is asked"],
        ),
        (
            "{'a': 1, 'b': 2}",
            "np.testing.assert_array_equal(f(), np.ones(2))",
            ["f() is a dict of 2; an array (2,) float64 is asked"],
        ),
    ],
)
def test_a_mismatch_is_told_in_words(gives, test, words):
    lines = told(f"def f():\n    return {gives}", test)
    assert lines[0].startswith("line 1 of the test: ")
    assert [line[2 : 2 + len(word)] for line, word in zip(lines[1:], words, strict=True)] == words


STUB = 'raise NotImplementedError("replace this line by your solution")'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f'    """What it gives."""\n    {STUB}', ["to write: What it gives."]),
        (f'    """What it gives."""\n    x = 3\n    {STUB}\n    return x', ["line 4 of your cell"]),
        (f"    {STUB}\n    return 3", ["line 2 of your cell"]),
    ],
)
def test_a_raise_that_still_stands_among_code_is_told(body, said):
    lines = []
    solution = f"def f():\n{body}"
    task = tasks.Task("u/n", "f", 1, "", solution, "assert f() == 3")
    assert tasks.outcome(task, solution, task.test, told=lines) == tasks.UNSOLVED
    assert [line.partition(" still")[0] for line in lines] == said
