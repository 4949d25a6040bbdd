"""The graded format is proved through nbgrader itself: release, hand in, autograde."""

import nbformat
import pytest

from tools import graded, release
from tools.common import ROOT, all_notebooks, read

UNIT, NAME = "98_trial", "01_trial"
SOLVED = {
    "powers": "return x[:, None] ** np.arange(degree + 1.0)",
    "mean_squared_error": "return float(np.mean((predicted - true) ** 2))",
}
# Right on the visible tests of `powers`, wrong on the hidden ones; `mean_squared_error` is right.
WRONG = SOLVED | {"powers": "return np.array([[1.0, 2.0, 4.0], [1.0, 3.0, 9.0]])"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return an nbgrader course with one released unit, made from the template."""
    folder = tmp_path_factory.mktemp("course")
    content = read(ROOT / "tools" / "template.ipynb")
    for cell in content.cells:
        cell.source = cell.source.replace("NOTEBOOK_ID", f"{UNIT}/{NAME}")
    path = folder / "notebooks" / UNIT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(content, path)
    release.release(UNIT, folder, source=folder / "notebooks")
    return folder


def hand_in(course, student, bodies):
    """Fill the released notebook's stubs and hand it in."""
    content = read(course / "release" / UNIT / f"{NAME}.ipynb")
    for cell in content.cells:
        body = bodies.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if body:
            assert graded.STUB in cell.source
            cell.source = cell.source.replace(graded.STUB, body)
        if bodies and cell.source == "YOUR ANSWER HERE":
            cell.source = "A polynomial of higher degree can repeat every one of lower degree."
    path = course / "submitted" / student / UNIT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(content, path)


@pytest.fixture(scope="module")
def scores(course):
    """Return the automatic scores by student and test, as nbgrader's gradebook has them."""
    from nbgrader.api import Gradebook

    hand_in(course, "solved", SOLVED)
    hand_in(course, "emptied", {})
    hand_in(course, "wrong", WRONG)
    release.nbgrader(course, "autograde", UNIT, "--create", "--force")
    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student in ("solved", "emptied", "wrong"):
            notebook = book.find_submission_notebook(NAME, UNIT, student)
            found[student] = {g.name: g.auto_score for g in notebook.grades}
    return found


@pytest.mark.slow
def test_released_notebook_has_stubs_locked_tests_and_no_secret(course):
    content = read(course / "release" / UNIT / f"{NAME}.ipynb")
    text = "\n".join(c.source for c in content.cells)
    assert text.count(graded.STUB) == 2
    assert "np.arange" not in text and "HIDDEN" not in text and "model answer" not in text
    by_id = {c.metadata.nbgrader.grade_id: c for c in content.cells if "nbgrader" in c.metadata}
    assert not by_id["test_powers"].metadata.editable
    assert by_id["test_powers"].metadata.nbgrader.points == 2
    assert "YOUR ANSWER HERE" in by_id["a_degree"].source
    assert not any(c.get("outputs") for c in content.cells)


@pytest.mark.slow
def test_solved_gets_all_points_emptied_none_and_wrong_those_it_earned(scores):
    assert (scores["solved"]["test_powers"], scores["solved"]["test_mean_squared_error"]) == (2, 1)
    assert (scores["emptied"]["test_powers"], scores["emptied"]["test_mean_squared_error"]) == (
        0,
        0,
    )
    assert (scores["wrong"]["test_powers"], scores["wrong"]["test_mean_squared_error"]) == (0, 1)


@pytest.mark.slow
def test_an_answered_question_waits_for_a_person_and_an_empty_one_has_no_points(scores):
    assert scores["solved"]["a_degree"] is None
    assert scores["emptied"]["a_degree"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("unit", sorted({n.path.parent.name for n in all_notebooks()}))
def test_every_unit_is_released_without_solutions(unit, tmp_path):
    folder = release.release(unit, tmp_path)
    names = [n.path.name for n in all_notebooks() if n.path.parent.name == unit]
    assert sorted(p.name for p in folder.glob("*.ipynb")) == names
    for path in folder.glob("*.ipynb"):
        assert graded.STUB in "\n".join(c.source for c in read(path).cells)
