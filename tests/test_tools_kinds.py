"""One rule on the kinds of answers, held for every task by the self-test."""

import numpy as np
import pytest

from tools.notebook import kinds, tasks
from tools.notebook.common import ROOT
from tools.teach import sheet

ANSWERS = {
    "array": "np.array([1.0, 2.0])",
    "list": "[1, 2]",
    "parts": "(np.ones(2), [3])",
    "number": "2.0",
}


def task(
    answer: str, visible: str, hidden: str = "assert True", doc: str = "Return it."
) -> tasks.Task:
    """Return a task whose solution gives that answer."""
    solution = f'def f(x=1):\n    """{doc}"""\n    if x < 0:\n        raise ValueError\n'
    return tasks.Task(
        notebook="98_trial/01_trial",
        name="f",
        points=1,
        before="import numpy as np",
        solution=f"{solution}    return {answer}",
        test=f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS\n",
    )


def test_students_read_the_rule_in_the_readme_and_in_the_sheet():
    assert kinds.RULE in sheet.KINDS
    assert sheet.KINDS in (ROOT / "README.md").read_text(encoding="utf-8")


CLOSE = "np.testing.assert_allclose({}, {}, strict=True)"
FLOATS = CLOSE.format("f()", ANSWERS["array"])


@pytest.mark.parametrize(
    ("answer", "visible", "hidden", "told"),
    [
        ("array", FLOATS, "", ["f, answer: the visible test takes a list for an array"]),
        ("array", f"assert isinstance(f(), np.ndarray)\n{FLOATS}", "", []),
        ("list", "assert sorted(f()) == [1, 2]", "", ["takes a tuple for a list"]),
        ("list", "assert f() == [1, 2]", "", []),
        (
            "parts",
            "a, b = f()\nassert b == [3] and a.shape == (2,)",
            "",
            ["f, answer: the visible test takes a list for a tuple"],
        ),
        (
            "parts",
            "a, b = c = f()\nassert isinstance(c, tuple) and sorted(b) == [3] and len(a) == 2",
            "",
            [
                "f, answer[0]: the visible test takes a list for an array",
                "f, answer[1]: the visible",
            ],
        ),
        ("number", "assert type(f()) is float", "", ["NumPy's number", "array of no dimension"]),
        ("number", "assert np.ndim(f()) == 0 and f() == 2", "", []),
        (
            "number",
            "assert f() == 2",
            "assert np.ndim(f()) == 0",
            ["f, answer: only a hidden test refuses a number in an array of one"],
        ),
    ],
)
def test_a_test_that_breaks_the_rule_is_named_with_the_part_of_the_answer(
    answer, visible, hidden, told
):
    found = list(tasks.self_test_kinds(task(ANSWERS[answer], visible, hidden), "f"))
    assert len(found) == len(told), found
    for finding, words in zip(found, told, strict=True):
        assert words in finding


def test_what_a_harness_makes_of_an_answer_is_its_own_matter():
    given = task(ANSWERS["array"], FLOATS)
    harnessed = tasks.Task(**(vars(given) | {"harness": "def g() -> list:\n    return [*f()]"}))
    assert list(tasks.self_test_kinds(harnessed, "f")) == []


TRIES = "try:\n    f(-1)\nexcept ValueError:\n    pass\n"


@pytest.mark.parametrize(
    ("visible", "fine"),
    [
        (TRIES + "else:\n    raise AssertionError", True),
        (TRIES, False),
        ("assert f() == 2", False),
    ],
)
def test_a_named_error_must_have_a_visible_case_that_fails_without_it(visible, fine):
    named = task("2.0", visible, doc="Return 2; raises ValueError below 0.")
    found = list(tasks.self_test_errors(named, "f"))
    assert found == ([] if fine else ["f: no visible case fails where it raises no ValueError"])


def test_each_place_of_an_answer_is_changed_alone():
    answer = (np.ones(2), [np.zeros(1), 3], {"a": (4.5, "x")})
    met = dict.fromkeys(kinds.places(answer))
    assert {p for p, change in met if change == "a list for an array"} == {(0,), (1, "*")}
    assert {p for p, change in met if change == "a list for a tuple"} == {(), (2, "*")}
    assert {p for p, change in met if change == "NumPy's number"} == {(1, "*"), (2, "*", 0)}
    change = kinds.CHANGES["a list for an array"]
    first = kinds.replaced(answer, (0,), change)
    assert first[0] == [1.0, 1.0] and first[1] is answer[1]
    inner = kinds.replaced(answer, (1, "*"), change)
    assert inner[1] == [[0.0], 3] and inner[0] is answer[0]
    deep = kinds.replaced(answer, (2, "*"), kinds.CHANGES["a list for a tuple"])
    assert deep[2] == {"a": [4.5, "x"]}
    assert kinds.replaced(answer, (5,), change)[1] is answer[1]  # nothing stands there
    assert kinds.in_words((1, "*")) == "each of answer[1]"


def test_only_the_error_that_is_named_is_kept_back():
    def fails(kind):
        raise kind

    assert kinds.silent(fails, "ValueError")(ValueError) is None
    with pytest.raises(KeyError):
        kinds.silent(fails, "ValueError")(KeyError)
