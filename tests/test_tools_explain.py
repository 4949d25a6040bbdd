"""What a student is told of an answer that fails."""

import numpy as np
import pytest

from tools.notebook import explain, tasks
from tools.notebook.explain import MOST_LINES, WIDTH


def told(solution, test, adapter="", given="import numpy as np"):
    lines = []
    task = tasks.Task("u/n", "f", 1, given, solution, test, adapter)
    error = tasks.outcome(task, solution, test, explained=lines)
    assert error and len(lines) <= MOST_LINES and all(len(line) <= WIDTH for line in lines)
    return lines


def test_numpys_own_message_follows_and_is_cut_by_lines():
    test = "np.testing.assert_allclose(f(), np.ones((3, 1)), strict=True)"
    lines = told("def f():\n    return np.ones(3)", test)
    assert lines[0] == f"line 1 of the test: {test}"
    assert "(shapes (3,), (3, 1) mismatch)" in lines
    test = "np.testing.assert_array_less(f(), np.arange(40.0), err_msg='a\\n' * 30)"
    lines = told("def f():\n    return np.ones(40)", test)
    assert len(lines) == MOST_LINES and lines[-1].endswith("more lines")


NONE = "f() is None: does the function end in a line with `return`?"


@pytest.mark.parametrize(
    ("gives", "test", "values"),
    [
        ("2 * 3.0", "x = f()\nassert f(\n) == 9", ["f() is 6.0"]),
        ("3", "assert f() == '3'", ["f() is 3"]),
        ("[1, 2]", "assert f() == [0, 2], 'a sentence'", ["f() is [1, 2]"]),
        ("np.float32(0.5)", "assert abs(f() - 2) < 1e-3", ["abs(f() - 2) is 1.5"]),
        ("[1]", "assert isinstance(f(), np.ndarray)", ["f() is [1]"]),
        (
            "np.zeros(2)",
            "assert np.array_equal(f(), np.arange(2))",
            ["f() is array([0., 0.]), float64 (2,)", "np.arange(2) is array([0, 1]), int64 (2,)"],
        ),
        ("3", "assert f() == 3 and f() > 5", ["f() == 3 is True", "f() > 5 is False"]),
        ("10**400", "assert f() == 3.5", [f"f() is 1{'0' * 39} ... {'0' * 15}"]),
        ("None", "assert f() == 3", [NONE]),
        ("None", "assert isinstance(f(), tuple)", [NONE]),
    ],
)
def test_values_that_an_assert_compared_are_told(gives, test, values):
    lines = told(f"def f():\n    return {gives}", test)
    assert lines[0].startswith("line ") and " of the test: assert " in lines[0]
    assert lines[1:] == [f"  {text}" for text in values]


def test_what_a_graph_refuses_is_explained():
    adapter = "def g():\n    raise TypeError('len of a SymbolicTensor')"
    lines = told("def f():\n    return g()", "assert f() == 3", adapter)
    assert lines[1:] == [
        "line 2 of your cell: return g()",
        "line 2 of the given cell: raise TypeError('len of a SymbolicTensor')",
        *explain.IN_A_GRAPH,
    ]


def test_swapped_gradients_and_variables_are_told_and_not_as_a_graph():
    solution = """def f():
    weight = keras.Variable(1.0)
    train = tf.function(lambda: keras.optimizers.SGD().apply([weight], [tf.constant(1.0)]))
    train()"""
    lines = told(solution, "f()", given="import keras\nimport tensorflow as tf")
    assert lines[-2:] == list(explain.SWAPPED) and explain.IN_A_GRAPH[0] not in lines


def test_no_code_of_a_terminal_is_told():
    solution = "def f():\n    raise ValueError('\\x1b[1mno\\x1b[0m\\n\\x1b[1mnever\\x1b[0m')"
    task = tasks.Task("u/n", "f", 1, "", solution, "f()")
    lines = []
    assert tasks.outcome(task, solution, "f()", explained=lines) == "ValueError: no\nnever"
    assert lines[-1] == "never"


def test_a_value_made_below_a_comment_has_it_in_all_its_assertions():
    test = "# Two ones.\na, b = f()\nassert len(a) == 2\nnp.testing.assert_array_equal(b, a)"
    assert told("def f():\n    return np.ones(2), np.zeros(2)", test)[0] == "# Two ones."


def test_of_numpys_differences_only_those_that_help_are_told():
    test = "np.testing.assert_allclose(f(), np.ones(3))"
    text = "\n".join(told("def f():\n    return np.zeros(3)", test))
    assert "3 / 3" in text and "difference" not in text
    test = "np.testing.assert_allclose(f(), 1.0)"
    assert "1 / 1" not in "\n".join(told("def f():\n    return 0.0", test))


def test_a_list_that_grows_is_told_as_a_loop_and_a_large_array_as_it_is():
    lines = told("def f():\n    raise MemoryError", "f()")
    assert lines[-1] == explain.GROWS
    lines = told("def f():\n    raise MemoryError('Unable to allocate 9 GiB')", "f()")
    assert explain.GROWS not in lines


def test_the_course_s_solution_is_not_to_be_called_in_the_task():
    lines = told("def f():\n    return course.solution('f')", "f()")
    assert "a cell of your own" in lines[-2] and "argument" not in "".join(lines)
    assert "argument" in told("def f():\n    return other", "f()")[-1]


def test_a_function_without_return_is_told_before_numpys_message():
    lines = told("def f():\n    pass", "np.testing.assert_allclose(f(), np.ones(3), strict=True)")
    assert lines[1] == f"  {NONE}"


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
    assert tasks.outcome(task, solution, task.test, explained=lines) == tasks.UNSOLVED
    assert [line.partition(" still")[0] for line in lines] == said


@pytest.mark.parametrize(
    ("call", "said"),
    [("", "to write: A layer."), ("    call = None\n", "line 6 of your cell still raises")],
)
def test_a_class_has_code_before_its_stub(call, said):
    body = f'    """A layer."""\n    units = 3\n    # YOUR CODE HERE\n{call}    {STUB}'
    solution = f"class F:\n{body}"
    task, lines = tasks.Task("u/n", "F", 1, "", solution, "F()"), []
    assert tasks.outcome(task, solution, task.test, explained=lines) == tasks.UNSOLVED
    assert len(lines) == 1 and lines[0].startswith(said)


TEST = """\
# One number.
assert f(1) == 1
### PARTIAL CREDIT: 1
assert f(2) == 2
# No number
# at all.
wanted = 3
for number in (3, 4):
    # The same number again.
    found = f(number)
    assert found == number
    assert found == wanted
"""


@pytest.mark.parametrize(
    ("gives", "comment"),
    [
        ("0", ["# One number."]),
        ("1", []),  # neither the comment of another assertion, nor a mark of nbgrader
        ("min(x, 2)", ["# The same number again."]),
        ("x", ["# The same number again."]),  # of this value, though asserted before
        ("x if x < 3 else 1 / 0", ["# The same number again."]),
    ],
)
def test_the_comment_above_a_failing_line_comes_before_it(gives, comment):
    lines = told(f"def f(x):\n    return {gives}", TEST)
    assert lines[: len(comment)] == comment
    assert lines[len(comment)].startswith("line ") and "#" not in "".join(lines[len(comment) :])


@pytest.mark.parametrize(
    "test",
    [
        "# No number\n# at all.\nfor number in (3, 4):\n    assert f() == number",
        "# No number\n# at all.\nwanted = [\n    3,\n]\n\nassert f() in wanted",
        "if f():\n    pass\nelse:\n    # No number\n    # at all.\n    assert f()",
    ],
)
def test_the_comment_may_stand_above_what_prepares_the_line(test):
    assert told("def f():\n    return 0", test)[:2] == ["# No number", "# at all."]


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("assert isinstance(f(), np.ndarray), type(f())", "expected an array, got an int"),
        ("assert isinstance(f(), (tuple, float))", "expected a tuple or a float, got an int"),
        ("assert f() > 2 and f() == 9, 'a sentence'", "a sentence\nexpected 9, got 7"),
        ("assert abs(f() - 2) < 1e-3", "abs(f() - 2) is 5"),
        ("np.testing.assert_equal(f(), 9)", "the values differ\ngot:\n7\nexpected:\n9"),
        (
            "np.testing.assert_array_equal(np.ones(3, int), np.ones((1, 3), int), strict=True)",
            "expected the shape (1, 3), got (3,)\ngot:\narray([1, 1, 1])\n"
            "expected:\narray([[1, 1, 1]])",
        ),
    ],
)
def test_a_failed_test_is_told_as_what_was_expected_and_what_came(test, words):
    space = {"np": np, "f": lambda: 7}
    with pytest.raises(AssertionError) as caught:
        exec(compile(test, "<test>", "exec"), space)
    assert explain.in_words(caught.value, test) == words
